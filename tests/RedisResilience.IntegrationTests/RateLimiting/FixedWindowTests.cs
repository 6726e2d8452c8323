using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
public sealed class FixedWindowTests(ServerKind kind) : ServiceFixture(kind)
{
    private static readonly FixedWindow ThreeAnHour = RateLimit.FixedWindow(3, TimeSpan.FromHours(1));

    [Test]
    public async Task UpToTheLimit_Allowed_ThenDeniedUntilTheWindowEnds()
    {
        var key = SharedServers.NewKey();

        for (var remaining = 2; remaining >= 0; remaining--)
        {
            var allowed = await Service.Limiter.AcquireAsync(key, ThreeAnHour);
            Assert.That(
                allowed, Has.Property("IsAllowed").True.And.Property("Remaining").EqualTo(remaining).And.Property("Limit").EqualTo(3));
            Assert.That(allowed.Source, Is.EqualTo(DecisionSource.Redis));
            Assert.That(allowed.RetryAfter, Is.EqualTo(TimeSpan.Zero));
            Assert.That(allowed.ResetAfter, Is.GreaterThan(TimeSpan.FromMinutes(59)).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        }

        var denied = await Service.Limiter.AcquireAsync(key, ThreeAnHour);
        Assert.That(denied, Has.Property("IsAllowed").False.And.Property("Remaining").EqualTo(0));
        Assert.That(
            denied.RetryAfter, Is.EqualTo(denied.ResetAfter + TimeSpan.FromMilliseconds(1)),
            "Redis lets a key live through the millisecond it ends in");
        Assert.That(denied.ResetAfter, Is.LessThanOrEqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task Count_IsAPlainNumberThatEndsWithItsWindow()
    {
        var key = SharedServers.NewKey();

        await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 2);

        Assert.That((string?)await Database.StringGetAsync($"ratelimit:{key}"), Is.EqualTo("2"));
        Assert.That(
            await Database.KeyTimeToLiveAsync($"ratelimit:{key}"),
            Is.GreaterThan(TimeSpan.FromMinutes(59)).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task NamedLimits_CountApart()
    {
        var key = SharedServers.NewKey();

        await Service.Limiter.AcquireAsync(key, ThreeAnHour with { Name = "login" });
        await Service.Limiter.AcquireAsync(key, ThreeAnHour with { Name = "search" }, permits: 3);

        Assert.That((int)await Database.StringGetAsync($"ratelimit:login:{key}"), Is.EqualTo(1));
        Assert.That((int)await Database.StringGetAsync($"ratelimit:search:{key}"), Is.EqualTo(3));
    }

    [Test]
    public async Task DeniedCall_TakesNothingAndExtendsNothing()
    {
        var key = SharedServers.NewKey();
        await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 2);
        await Database.KeyExpireAsync($"ratelimit:{key}", TimeSpan.FromMinutes(10));

        var denied = await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 2);
        var allowed = await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 1);

        Assert.That(denied, Has.Property("IsAllowed").False.And.Property("Remaining").EqualTo(1));
        Assert.That(allowed.IsAllowed, Is.True);
        Assert.That(await Database.KeyTimeToLiveAsync($"ratelimit:{key}"), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task ZeroPermits_AsksAndWritesNothing()
    {
        var key = SharedServers.NewKey();

        var fresh = await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 0);
        Assert.That(
            fresh, Has.Property("IsAllowed").True.And.Property("Remaining").EqualTo(3).And.Property("ResetAfter").EqualTo(TimeSpan.Zero));
        Assert.That(await Database.KeyExistsAsync($"ratelimit:{key}"), Is.False);

        await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 3);
        Assert.That((await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 0)).Remaining, Is.Zero);
    }

    [Test]
    public async Task RetryAfter_IsNeverEarly()
    {
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromMilliseconds(150));
        for (var round = 0; round < 10; round++)
        {
            Assert.That(
                (await Service.Limiter.AcquireAsync(key, limit)).IsAllowed, Is.True, $"after waiting as long as told, in round {round}");
            var denied = await Service.Limiter.AcquireAsync(key, limit);
            await WaitAsync(denied.RetryAfter);
        }
    }

    [Test]
    public async Task LoweredLimit_HoldsAtOnceAndLocksNobodyOutLongerThanItSays()
    {
        var key = SharedServers.NewKey();
        await Service.Limiter.AcquireAsync(key, RateLimit.FixedWindow(100, TimeSpan.FromHours(1)), permits: 50);

        var denied = await Service.Limiter.AcquireAsync(key, RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1)));

        Assert.That(denied.IsAllowed, Is.False);
        Assert.That(denied.RetryAfter, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(1)));
        Assert.That(await Database.KeyTimeToLiveAsync($"ratelimit:{key}"), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task RaisedLimit_HoldsAtOnce()
    {
        var key = SharedServers.NewKey();
        await Service.Limiter.AcquireAsync(key, ThreeAnHour, permits: 3);

        Assert.That((await Service.Limiter.AcquireAsync(key, RateLimit.FixedWindow(5, TimeSpan.FromHours(1)))).Remaining, Is.EqualTo(1));
    }

    // A timer may fire a moment early, and this test is about moments.
    private static async Task WaitAsync(TimeSpan time)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
