using RedisResilience.Benchmarks.Contenders;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Limiting;

/// <summary>Decisions about one key.</summary>
internal sealed class Ours(IRateLimiter limiter, RateLimit limit, bool isAllowed) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            var decision = await limiter.AcquireAsync(Workbench.LimiterKey, limit);
            Expect.That(decision.IsAllowed == isAllowed);
        }
    }
}
