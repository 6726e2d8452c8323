using System.Threading.RateLimiting;
using RedisRateLimiting;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Limiting.Peers;

/// <summary>A kind of limit that both have, so wide that nobody is denied: as a limit of ours, and as the package RedisRateLimiting makes
/// one for a key.</summary>
internal sealed record PeerKind(string Name, RateLimit Limit, Func<string, IConnectionMultiplexer, RateLimiter> Theirs)
{
    private const int Permits = 1_000_000;
    private const int Held = 10_000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static readonly PeerKind[] All =
    [
        new("fixed window", RateLimit.FixedWindow(Permits, Hour) with { Name = "fixed" }, (key, redis) =>
            new RedisFixedWindowRateLimiter<string>(
                key, new() { ConnectionMultiplexerFactory = () => redis, PermitLimit = Permits, Window = Hour })),
        new("token bucket", RateLimit.TokenBucket(Permits, Hour) with { Name = "bucket" }, (key, redis) =>
            new RedisTokenBucketRateLimiter<string>(
                key, new() { ConnectionMultiplexerFactory = () =>
                    redis, TokenLimit = Permits, TokensPerPeriod = Permits, ReplenishmentPeriod = Hour })),
        new("concurrency", RateLimit.Concurrency(Held) with { Name = "held" }, (key, redis) =>
            new RedisConcurrencyRateLimiter<string>(key, new() { ConnectionMultiplexerFactory = () => redis, PermitLimit = Held })),
        new("sliding window", RateLimit.SlidingWindow(Permits, Hour) with { Name = "sliding" }, (key, redis) =>
            new RedisSlidingWindowRateLimiter<string>(
                key, new() { ConnectionMultiplexerFactory = () => redis, PermitLimit = Permits, Window = Hour })),
    ];
}
