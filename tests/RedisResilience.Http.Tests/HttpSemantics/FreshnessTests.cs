using CsCheck;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Tests.HttpSemantics;

internal sealed class FreshnessTests
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Freshness_IsThatOfTheOracle()
    {
        var maybe = Gen.OneOf(Gen.Const(-1L), Gen.Long[0, 200]);
        Gen.Select(
            Gen.Long[50, 100], Gen.Long[0, 30], Gen.Select(maybe, maybe), Gen.Select(maybe, maybe, maybe), Gen.Bool, Gen.Long[0, 300],
            (sentAt, delay, dates, ages, isShared, later) =>
                (Response: new FreshnessOracle.Response(
                    sentAt, sentAt + delay, dates.Item1, ages.Item1, dates.Item2, ages.Item2, ages.Item3), IsShared: isShared, Now: sentAt
                    + delay + later))
            .Sample(
                given =>
                {
                    var fields = new FreshnessFields(200, CacheControl.Parse(Directives(given.Response)), IsTargeted: false)
                    {
                        Date = Date(given.Response.Date),
                        Expires = Date(given.Response.Expires),
                        Age = given.Response.Age >= 0
                        ? [given.Response.Age.ToString(System.Globalization.CultureInfo.InvariantCulture)] : [],
                    };
                    var freshness = Freshness.Of(
                        fields, new FreshnessRules(given.IsShared), Time(given.Response.SentAt), Time(given.Response.ReceivedAt));

                    Assert.That(freshness.IsFresh(
                        Time(given.Now)), Is.EqualTo(FreshnessOracle.IsFresh(given.Response, given.IsShared, given.Now)), given.ToString());
                },
                iter: 50_000);
    }

    [Test]
    public void Expires_IsIgnored_WhereATargetedFieldHolds()
    {
        var fields = new FreshnessFields(200, default, IsTargeted: true) { Expires = Date(1000) };

        Assert.That(Freshness.Of(fields, default, Epoch, Epoch).IsExplicit, Is.False);
    }

    [Test]
    public void PartsOfASecond_AreNoAge()
    {
        var fields = new FreshnessFields(200, CacheControl.Parse("max-age=1"), IsTargeted: false) { Date = Date(100) };
        var receivedAt = Time(100).AddMilliseconds(950);

        Assert.That(Freshness.Of(fields, default, receivedAt, receivedAt).Left(receivedAt), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(
            Freshness.Of(fields, default, receivedAt, receivedAt.AddSeconds(1)).Left(receivedAt.AddSeconds(1)), Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("0")]
    [TestCase("soon")]
    public void Expires_ThatCannotBeRead_IsThePast(string expires)
    {
        var fields = new FreshnessFields(200, default, IsTargeted: false) { Expires = [expires], LastModified = Date(0) };
        var freshness = Freshness.Of(fields, new FreshnessRules(false, 0.1, TimeSpan.FromDays(1)), Time(1000), Time(1000));

        Assert.That((freshness.IsExplicit, freshness.Lifetime), Is.EqualTo((true, TimeSpan.Zero)));
    }

    [Test]
    public void Date_ThatCannotBeRead_IsWhenTheResponseCame()
    {
        var fields = new FreshnessFields(200, default, IsTargeted: false) { Expires = Date(110), Date = ["foo"] };

        Assert.That(Freshness.Of(fields, default, Time(100), Time(100)).Lifetime, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [TestCase(200, "", 0.1, 100)]
    [TestCase(404, "", 0.1, 100)]
    [TestCase(201, "", 0.1, 0)]
    [TestCase(599, "", 0.1, 0)]
    [TestCase(599, "public", 0.1, 100)]
    [TestCase(200, "", 0, 0)]
    [TestCase(200, "", 100, 3600)]
    public void Heuristic_IsAPartOfTheTimeSinceTheLastChange(int status, string control, double factor, int expected)
    {
        var fields = new FreshnessFields(status, CacheControl.Parse(control), IsTargeted: false)
        {
            LastModified = Date(0),
            Date = Date(1000),
        };
        var freshness = Freshness.Of(fields, new FreshnessRules(false, factor, TimeSpan.FromHours(1)), Time(1000), Time(1000));

        Assert.That(freshness.Lifetime, Is.EqualTo(TimeSpan.FromSeconds(expected)));
    }

    [TestCase("7200", 7200)]
    [TestCase("7200, 0", 7200)]
    [TestCase("0,7200", 0)]
    [TestCase("abc", 0)]
    [TestCase("-5", 0)]
    [TestCase("7200.0", 0)]
    [TestCase("2147483649", 2147483648)]
    public void Age_IsTheFirstMember_OrNone(string line, long expected) =>
        Assert.That(AgeField.Parse([line]), Is.EqualTo(TimeSpan.FromSeconds(expected)));

    private static string Directives(FreshnessOracle.Response response) =>
        string.Join(", ", new[] { response.MaxAge >= 0
            ? $"max-age={response.MaxAge}"
            : "", response.SharedMaxAge >= 0 ? $"s-maxage={response.SharedMaxAge}" : "" });

    private static string[] Date(long seconds) => seconds >= 0 ? [HttpDate.Format(Time(seconds))] : [];

    private static DateTimeOffset Time(long seconds) => Epoch.AddSeconds(seconds);
}
