using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class FixedWindowTests
{
    private static readonly FixedWindow HundredAnHour = RateLimit.FixedWindow(100, TimeSpan.FromHours(1));

    [TestCase(1)]
    [TestCase(int.MaxValue)]
    public void PermitsInRange_AreKept(int permits) =>
        Assert.That(RateLimit.FixedWindow(permits, TimeSpan.FromSeconds(1)).Permits, Is.EqualTo(permits));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MinValue)]
    public void PermitsBelowOne_AreRefused(int permits) => Assert.That(
        () => RateLimit.FixedWindow(permits, TimeSpan.FromSeconds(1)),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("permits"));

    [TestCaseSource(nameof(GoodWindows))]
    public void WindowInRange_IsKept(TimeSpan window) => Assert.That(RateLimit.FixedWindow(1, window).Window, Is.EqualTo(window));

    [TestCaseSource(nameof(BadWindows))]
    public void WindowOutOfRange_IsRefused(TimeSpan window) => Assert.That(
        () => RateLimit.FixedWindow(1, window),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("window"));

    [Test]
    public void SameValues_AreEqual()
    {
        var other = RateLimit.FixedWindow(100, TimeSpan.FromMinutes(60));
        Assert.That(other, Is.EqualTo(HundredAnHour));
        Assert.That(other.GetHashCode(), Is.EqualTo(HundredAnHour.GetHashCode()));
    }

    [Test]
    public void AnyOtherValue_IsAnotherLimit()
    {
        RateLimit[] others =
        [
            RateLimit.FixedWindow(101, TimeSpan.FromHours(1)), RateLimit.FixedWindow(100, TimeSpan.FromHours(2)),
            HundredAnHour with { Name = "login" }, HundredAnHour with { FailurePolicy = FailurePolicy.Deny },
        ];
        Assert.That(others, Has.None.EqualTo(HundredAnHour).And.Unique);
    }

    [Test]
    public void With_ChangesTheCopyAlone()
    {
        var named = HundredAnHour with { Name = "login", FailurePolicy = FailurePolicy.Deny };
        Assert.That(
            (named.Name, named.FailurePolicy, named.Permits, named.Window),
            Is.EqualTo(("login", FailurePolicy.Deny, 100, TimeSpan.FromHours(1))));
        Assert.That((HundredAnHour.Name, HundredAnHour.FailurePolicy), Is.EqualTo(((string?)null, FailurePolicy.Allow)));
        Assert.That((named with { Name = null }).Name, Is.Null);
    }

    [TestCase("a")]
    [TestCase("login")]
    [TestCase("Per-User_v1.2")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123", Description = "the longest")]
    public void GoodName_IsKept(string name) => Assert.That((HundredAnHour with { Name = name }).Name, Is.EqualTo(name));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("two words")]
    [TestCase("a:b", Description = "would reach into another policy's keys")]
    [TestCase("a\"b", Description = "would end a header's string")]
    [TestCase("a\r\nb")]
    [TestCase("naïve")]
    [TestCase("a/b")]
    [TestCase("01234567890123456789012345678901234567890123456789012345678901234", Description = "one too long")]
    public void BadName_IsRefused(string name) => Assert.That(() => HundredAnHour with { Name = name }, Throws.ArgumentException);

    [TestCase(-1)]
    [TestCase(3)]
    public void UndefinedFailurePolicy_IsRefused(int policy) =>
        Assert.That(() => HundredAnHour with { FailurePolicy = (FailurePolicy)policy }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static IEnumerable<TimeSpan> GoodWindows() =>
        [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1500), TimeSpan.FromHours(1), TimeSpan.FromDays(365)];

    private static IEnumerable<TimeSpan> BadWindows() =>
    [
        TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromTicks(-1), TimeSpan.FromTicks((10 * TimeSpan.TicksPerMillisecond) + 1),
        TimeSpan.FromDays(365) + TimeSpan.FromMilliseconds(1), TimeSpan.MinValue, TimeSpan.MaxValue,
    ];
}
