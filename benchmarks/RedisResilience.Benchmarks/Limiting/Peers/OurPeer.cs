using RedisResilience.Benchmarks.Contenders;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Limiting.Peers;

/// <summary>An acquire of ours; what is held is given back.</summary>
internal sealed class OurPeer(IRateLimiter limiter, RateLimit limit, string[] keys) : IContender
{
    private int _next;

    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            var decision = await limiter.AcquireAsync(keys[Interlocked.Increment(ref _next) % keys.Length], limit);
            Expect.That(decision is { IsAllowed: true, IsDegraded: false });
            decision.Lease?.Dispose();
        }
    }
}
