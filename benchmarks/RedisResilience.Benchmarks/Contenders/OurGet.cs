using RedisResilience.Caching;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>A cached hit through the library.</summary>
internal sealed class OurGet(IResponseCache cache) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var response = await cache.GetAsync(Workbench.CacheKey);
            Expect.That(response.IsHit && response.Body.Length == Workbench.BodySize);
        }
    }
}
