using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>The same read on the bare client.</summary>
internal sealed class RawGet(IDatabase database) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var lease = await database.StringGetLeaseAsync(Workbench.CacheKey);
            Expect.That(lease?.Length == Workbench.BodySize);
        }
    }
}
