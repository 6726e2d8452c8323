using Microsoft.Extensions.Time.Testing;
using RedisResilience.Dashboard.Recording;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.Dashboard.Recording;

[NonParallelizable]
internal sealed class DeniedKeysTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1, TimeSpan.FromMinutes(1)) with { Name = "denied-keys-tests" };
    private static readonly RateLimitDecision Denial =
        new() { IsAllowed = false, Limit = 1, Remaining = 0, Source = DecisionSource.Local, RetryAfter = TimeSpan.FromSeconds(3) };

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Busiest_AreThoseOfTheLastFiveMinutesByHowOften()
    {
        using var keys = new DeniedKeys(_time);
        Deny("10.0.0.1", 3);
        _time.Advance(TimeSpan.FromMinutes(4));
        Deny("10.0.0.2", 2);
        Deny("10.0.0.1", 1);

        Assert.That(Told(keys), Is.EqualTo(new[] { ("10.0.0.1", 4L), ("10.0.0.2", 2L) }));
        Assert.That(keys.Busiest()[0].Until, Is.EqualTo((_time.GetUtcNow() + TimeSpan.FromSeconds(3)).ToUnixTimeMilliseconds()));

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(Told(keys), Is.EqualTo(new[] { ("10.0.0.2", 2L), ("10.0.0.1", 1L) }));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(Told(keys), Is.Empty);
    }

    [Test]
    public void Id_StandsForTheKeyInThisProcessAlone()
    {
        using var keys = new DeniedKeys(_time);
        using var others = new DeniedKeys(_time);
        Deny("10.0.0.1", 1);

        var id = keys.Busiest().Single(key => key.Policy == Limit.Name).Id;

        Assert.That(id, Does.Match("^[0-9a-f]{16}$"));
        Assert.That(keys.Find(id), Is.EqualTo(("10.0.0.1", Limit.Name)));
        Assert.That(keys.Find("0000000000000000"), Is.Null);
        Assert.That(others.Busiest().Single(key => key.Policy == Limit.Name).Id, Is.Not.EqualTo(id));
    }

    [Test]
    public void ManyKeys_TakeBoundedRoomAndListTen()
    {
        using var keys = new DeniedKeys(_time);
        for (var number = 0; number < 5000; number++)
        {
            Deny($"{number}", 1);
        }

        Assert.That(keys.Busiest(), Has.Length.EqualTo(10));
        Deny("0", 5);
        Assert.That(Told(keys)[0], Is.EqualTo(("0", 6L)));
        Assert.That(Told(keys).Select(told => told.Item1), Has.None.EqualTo("4999"));
    }

    private static (string, long)[] Told(DeniedKeys keys) =>
        [.. keys.Busiest().Where(key => key.Policy == Limit.Name).Select(key => (key.Key, key.Times))];

    private static void Deny(string key, int times)
    {
        for (var time = 0; time < times; time++)
        {
            DecisionTelemetry.Record(Denial, DecisionTelemetry.Locally, key, Limit);
        }
    }
}
