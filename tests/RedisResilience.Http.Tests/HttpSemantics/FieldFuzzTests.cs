using System.Text;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Tests.HttpSemantics;

/// <summary>A million mutated fields: none is an error, and none is fresh by what it does not say.</summary>
internal sealed class FieldFuzzTests
{
    private const int Fields = 1_000_000;
    private static readonly string[] Seeds =
    [
        "max-age=60, s-maxage=\"5\", no-store", "private=\"a, b\", no-cache=\"x\"", "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "bytes=0-5", "\"a\", W/\"b\", *", "Foo, bar", "max-age=1;q=(a \"b\" 1.5), x=?0, y=:YQ==:, z=@5", "7200, 0",
    ];

    [Test]
    public void MutatedFields_AreReadWithoutAnError()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var now = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
        var text = new StringBuilder();
        for (var round = 0; round < Fields; round++)
        {
            Mutate(text.Clear().Append(Seeds[round % Seeds.Length]), random);
            var field = text.ToString();
            try
            {
                Read(field, now);
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                Assert.Fail($"Seed {seed}, round {round}: \"{field}\": {exception}");
            }
        }
    }

    private static void Read(string field, DateTimeOffset now)
    {
        var control = CacheControl.Parse(field);
        _ = TargetedCacheControl.TryParse([field], out var targeted);
        _ = HttpDate.TryParse(field, now, out _);
        _ = ByteRange.TryParse(field, out var range) && range.TryResolve(10, out _, out _);
        _ = (VaryField.Parse(
            [field]), VaryField.Normalize("accept-language", [field]), EntityTags.Contains([field], "\"a\""), StoredFields.Names([field]));
        var fields = new FreshnessFields(200, control, IsTargeted: false)
        {
            Date = [field],
            Expires = [field],
            Age = [field],
            LastModified = [field],
        };
        var freshness = Freshness.Of(fields, new FreshnessRules(true, 0.1, TimeSpan.FromDays(1)), now, now);

        Assert.That(freshness.InitialAge, Is.GreaterThanOrEqualTo(TimeSpan.Zero), field);
        Assert.That(freshness.Lifetime, Is.InRange(TimeSpan.Zero, TimeSpan.FromDays(366 * 10_000L)), field);
        if (!field.Contains('='))
        {
            Assert.That(
                (control.MaxAge ?? TimeSpan.Zero, targeted.MaxAge ?? TimeSpan.Zero), Is.EqualTo((TimeSpan.Zero, TimeSpan.Zero)), field);
        }
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        for (var changes = random.Next(4); changes >= 0 && text.Length > 0; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text[at] = (char)random.Next(random.Next(8) == 0 ? 0x10000 : 0x80);
                    break;
                case 1:
                    text.Remove(at, random.Next(text.Length - at) + 1);
                    break;
                case 2:
                    text.Insert(at, "\",;=() *\\\t0"[random.Next(11)]);
                    break;
                default:
                    text.Insert(at, text.ToString(at, random.Next(text.Length - at)));
                    break;
            }
        }
    }
}
