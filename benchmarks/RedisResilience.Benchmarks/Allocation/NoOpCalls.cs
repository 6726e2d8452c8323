using BenchmarkDotNet.Attributes;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary>Calls where no Redis is configured.</summary>
public class NoOpCalls
{
    [Benchmark]
    public ValueTask<RateLimitDecision> Acquire() => NoOpRateLimiter.Instance.AcquireAsync(Workbench.LimiterKey, Workbench.Limit);

    [Benchmark]
    public ValueTask<CachedResponse> Get() => NoOpResponseCache.Instance.GetAsync(Workbench.CacheKey);
}
