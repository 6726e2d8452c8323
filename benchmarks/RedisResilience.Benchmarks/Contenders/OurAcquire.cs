using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>An acquire through the library.</summary>
internal sealed class OurAcquire(IRateLimiter limiter) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            var decision = await limiter.AcquireAsync(Workbench.LimiterKey, Workbench.Limit);
            Expect.That(decision is { IsAllowed: true, Decider: RateLimitDecider.Redis });
        }
    }
}
