using RedisResilience.Benchmarks.Contenders;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Limiting;

/// <summary>Decisions about a thousand keys in turn, each caller on the thread pool.</summary>
internal sealed class ManyKeys(IRateLimiter limiter, RateLimit limit) : IContender
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 1_000).Select(key => $"198.51.{key / 250}.{key % 250}")];

    private int _next;

    public Task CallAsync(int times) => Task.Run(async () =>
    {
        var key = Interlocked.Increment(ref _next) * 17;
        for (var call = 0; call < times; call++)
        {
            Expect.That((await limiter.AcquireAsync(Names[(key + call) % Names.Length], limit)).IsAllowed);
        }
    });
}
