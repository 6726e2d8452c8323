using RedisResilience.IntegrationTests.RateLimiting;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>The clock that judges jumps under concurrent callers: by the override of the scripts' time, as nobody moves the clock of a
/// machine that others use.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ClockMovedTests(ServerKind kind)
{
    private const int Permits = 50;
    private const int Callers = 8;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private static readonly DateTimeOffset MidWindow = new(2026, 1, 1, 0, 5, 0, TimeSpan.Zero);

    public static readonly IReadOnlyDictionary<string, RateLimit> Limits = new Dictionary<string, RateLimit>
    {
        [nameof(RateLimit.FixedWindow)] = RateLimit.FixedWindow(Permits, Window),
        [nameof(RateLimit.SlidingWindow)] = RateLimit.SlidingWindow(Permits, Window),
        [nameof(RateLimit.SlidingLog)] = RateLimit.SlidingLog(Permits, Window),
        [nameof(RateLimit.TokenBucket)] = RateLimit.TokenBucket(Permits, Window),
    };

    public static IEnumerable<string> Names => Limits.Keys;

    // A fixed window is as long as its key lives, which is the server's to count, and no time that a script is told.
    public static IEnumerable<string> JudgedByTime => Limits.Keys.Where(name => name != nameof(RateLimit.FixedWindow));

    [TestCaseSource(nameof(Names))]
    public async Task Back_NothingIsGrantedTwice(string name)
    {
        var clock = new Clock(MidWindow);
        await using var judged = await JudgedLimiter.ConnectAsync(kind, clock);
        var key = SharedServers.NewKey("clock");
        Assert.That(await TakeAsync(judged.Limiter, key, name), Is.EqualTo(Permits));
        clock.Move(-Window / 20);
        Assert.That(await TakeAsync(judged.Limiter, key, name), Is.Zero);
        Assert.That(await judged.Database.KeyTimeToLiveAsync($"ratelimit:{key}"), Is.Not.Null.And.LessThanOrEqualTo(Window * 3));
    }

    [TestCaseSource(nameof(JudgedByTime))]
    public async Task Ahead_TheNextWindowIsGrantedOnce(string name)
    {
        var clock = new Clock(MidWindow);
        await using var judged = await JudgedLimiter.ConnectAsync(kind, clock);
        var key = SharedServers.NewKey("clock");
        Assert.That(await TakeAsync(judged.Limiter, key, name), Is.EqualTo(Permits));
        clock.Move(Window * 3);
        Assert.That(await TakeAsync(judged.Limiter, key, name), Is.EqualTo(Permits));
    }

    private static async Task<int> TakeAsync(RedisRateLimiter limiter, string key, string name)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (var call = 0; call < Permits / 4; call++)
            {
                count += (await limiter.AcquireAsync(key, Limits[name] with { FailurePolicy = FailurePolicy.Deny })).IsAllowed ? 1 : 0;
            }

            return count;
        })));
        return taken.Sum();
    }

    /// <summary>Stands still until it is moved, in either direction.</summary>
    private sealed class Clock(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset _now = start;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Move(TimeSpan by) => _now += by;
    }
}
