using RedisResilience.Benchmarks.Contenders;
using RedisResilience.Caching;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>Reads of keys that nobody else reads at the same time: nothing can be shared.</summary>
internal static class DistinctGet
{
    private const int Keys = 4096;
    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(index => $"predictions:v1:{index:D4}")];
    private static int _next;

    public static async Task FillAsync(IDatabase database, int size)
    {
        foreach (var name in Names)
        {
            await database.StringSetAsync(name, new byte[size], TimeSpan.FromHours(1));
        }
    }

    private static string NextKey() => Names[(Interlocked.Increment(ref _next) * 17) & (Keys - 1)];

    internal sealed class Ours(IResponseCache cache) : IContender
    {
        public async Task CallAsync(int times)
        {
            for (var call = 0; call < times; call++)
            {
                using var cached = await cache.GetAsync(NextKey());
                Expect.That(cached.HasBody);
            }
        }
    }

    internal sealed class Raw(IDatabase database) : IContender
    {
        public async Task CallAsync(int times)
        {
            for (var call = 0; call < times; call++)
            {
                using var lease = await database.StringGetLeaseAsync(NextKey());
                Expect.That(lease is not null);
            }
        }
    }
}
