using RedisResilience.Caching;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>A body stored through the library.</summary>
internal sealed class OurSet(IResponseCache cache) : IContender
{
    private readonly byte[] _body = new byte[Workbench.BodySize];

    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            Expect.That(await cache.SetAsync(Workbench.CacheKey, _body, TimeSpan.FromHours(1)));
        }
    }
}
