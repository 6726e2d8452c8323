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

    /// <summary>A sliding value of <c>IDistributedCache</c> is one. Red where a header's age counts from when it was made.</summary>
    [Test]
    public async Task ProlongedEntryWithAHeader_IsFreshForAsLongAsItLives([Values] bool overRedis)
    {
        var redis = new SimulatedRedis();
        var options = new RedisResilienceOptions { CompressionThreshold = 256 };
        IResponseCache cache = overRedis
            ? new SimulatedNode(redis, static options => options.CompressionThreshold = 256).Cache
            : new InMemoryResponseCache(redis.Clock, options: options);
        var life = TimeSpan.FromMinutes(20);
        Assert.That(await cache.SetAsync("key", SimulatedNode.Body(new string('x', 1000)), new CacheEntryOptions(life)), Is.True);
        for (var read = 0; read < 3; read++)
        {
            redis.Clock.Advance(TimeSpan.FromMinutes(15));
            Assert.That((await cache.GetAsync("key")).IsHit, Is.True);
            Assert.That(await cache.ExtendAsync("key", life), Is.True);
        }

        redis.Clock.Advance(life);
        Assert.That((await cache.GetAsync("key")).IsHit, Is.False);
    }
}
