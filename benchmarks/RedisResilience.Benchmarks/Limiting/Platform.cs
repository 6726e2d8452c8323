using System.Threading.RateLimiting;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Limiting;

/// <summary>The platform's in-process limiter: one count and no key.</summary>
internal sealed class Platform(RateLimiter limiter, bool isAllowed) : IContender
{
    public Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var lease = limiter.AttemptAcquire();
            Expect.That(lease.IsAcquired == isAllowed);
        }

        return Task.CompletedTask;
    }
}
