using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

internal static class CoreExamples
{
    private static readonly CacheEntryOptions Kept = new(TimeSpan.FromSeconds(60))
    {
        StaleWhileRevalidate = TimeSpan.FromSeconds(30),
    };

    public static async Task<int> CachingAsync(IResponseCache cache, ByteStore store)
    {
        using CachedResponse response = await cache.GetOrCreateAsync(
            "predictions:v1:AAPL", Kept, store,
            static async (store, token) => new SourceResponse(await store.ReadAsync("AAPL", token)));
        return response.Body.Length;
    }

    public static RateLimit Leases()
    {
        RateLimit limit = RateLimit.TokenBucket(10_000, TimeSpan.FromSeconds(1)).WithPrefetch(maximum: 500);
        return limit;
    }

    public static async Task FixedWindowAsync(IRateLimiter limiter)
    {
        RateLimit limit = RateLimit.FixedWindow(100, TimeSpan.FromHours(1)) with
        {
            Name = "search",
            FailurePolicy = FailurePolicy.Allow,
        };
        RateLimitDecision decision = await limiter.AcquireAsync("192.168.1.1", limit);
        if (!decision.IsAllowed)
        {
            // decision.RetryAfter says when; decision.Source says who decided.
        }
    }

    public static RateLimit Calendar()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var plan = RateLimit.CalendarWindow(10_000, CalendarPeriod.Month, berlin);
        return plan;
    }

    public static async Task ConcurrencyAsync(IRateLimiter limiter)
    {
        var decision = await limiter.AcquireAsync("reports", RateLimit.Concurrency(20));
        await using var lease = decision.Lease;   // null when denied, and only then
    }

    internal sealed class ByteStore
    {
        private readonly byte[] _body = [1];

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string symbol, CancellationToken token) =>
            new(_body.AsMemory(0, Math.Min(symbol.Length, 1)));
    }
}
