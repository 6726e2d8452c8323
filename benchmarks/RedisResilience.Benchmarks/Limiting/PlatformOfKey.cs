using System.Threading.RateLimiting;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Limiting;

/// <summary>The platform's limiter with a count for each key, as its middleware uses it.</summary>
internal sealed class PlatformOfKey(PartitionedRateLimiter<string> limiter) : IContender
{
    public Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var lease = limiter.AttemptAcquire(Workbench.LimiterKey);
            Expect.That(lease.IsAcquired);
        }

        return Task.CompletedTask;
    }
}
