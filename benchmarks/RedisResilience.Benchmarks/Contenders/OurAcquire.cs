using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>An acquire through the library. Each call has another key than those that are under way: they would share their
/// calls.</summary>
internal sealed class OurAcquire(IRateLimiter limiter) : IContender
{
    private int _next;

    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            var key = Workbench.LimiterKeys[Interlocked.Increment(ref _next) % Workbench.LimiterKeys.Length];
            var decision = await limiter.AcquireAsync(key, Workbench.Limit);
            Expect.That(decision is { IsAllowed: true, Source: DecisionSource.Redis });
        }
    }
}
