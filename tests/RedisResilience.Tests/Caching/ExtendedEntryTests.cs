using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

/// <summary>An entry whose end was moved, over Redis and in memory: the same reads give the same.</summary>
internal sealed class ExtendedEntryTests
{
    private static readonly CacheEntryOptions Entry =
        new(TimeSpan.FromSeconds(60)) { StaleWhileRevalidate = TimeSpan.FromSeconds(20) };

    /// <summary>Red where memory tells an entry's end to a read that has not asked for it.</summary>
    [TestCase(30, 15, Description = "a shorter end")]
    [TestCase(30, 29)]
    [TestCase(30, 31)]
    [TestCase(600, 70, Description = "a longer end")]
    [TestCase(600, 90)]
    public async Task MovedEnd_MeansTheSameWithRedisAndWithout(int seconds, int later)
    {
        var redis = new SimulatedRedis();
        IResponseCache[] caches = [new SimulatedNode(redis).Cache, new InMemoryResponseCache(redis.Clock)];
        foreach (var cache in caches)
        {
            Assert.That(await cache.SetAsync("key", SimulatedNode.Body("body"), Entry), Is.True);
            Assert.That(await cache.ExtendAsync("key", TimeSpan.FromSeconds(seconds)), Is.True);
        }

        redis.Clock.Advance(TimeSpan.FromSeconds(later));
        Func<IResponseCache, ValueTask<CachedResponse>>[] reads =
            [cache => cache.GetAsync("key"), cache => cache.GetWithTimeToLiveAsync("key"), cache => cache.GetStaleAsync("key")];
        foreach (var read in reads)
        {
            var (over, without) = (await read(caches[0]), await read(caches[1]));
            Assert.That((without.Outcome, without.TimeToLive, without.Age), Is.EqualTo((over.Outcome, over.TimeToLive, over.Age)));
        }
    }
}
