using System.Threading.RateLimiting;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Limiting.Peers;

/// <summary>An acquire of the package's, from limiters that were made before, one for each key.</summary>
internal sealed class TheirPeer(RateLimiter[] limiters) : IContender
{
    private int _next;

    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var lease = await limiters[Interlocked.Increment(ref _next) % limiters.Length].AcquireAsync();
            Expect.That(lease.IsAcquired);
        }
    }
}
