using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway.Recovery;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.LocalTier;

/// <summary>Where an entry stands was asked, and then its read waited behind another: a copy is as old as that question.</summary>
internal sealed class LocatedCopyTests
{
    private const string Key = "page:x";

    private readonly SimulatedRedis _redis = new();
    private readonly PacedNetwork _network = new();
    private readonly ResponseCache _cache;

    public LocatedCopyTests()
    {
        var options = new RedisResilienceOptions { LocalTier = { KeyPrefixes = { "page" } } };
        _cache = RedisResponseCache.Create(
            new SimulatedGateway(_redis, _network), Mock.Of<IRedisRecovery>(), options, _redis.Clock,
            new SimulatedNews([], new Random(1)));
    }

    /// <summary>Red where the copy's age counts from when its read was sent.</summary>
    [Test]
    public async Task ReadThatHasWaited_KeepsItsCopyNoLonger()
    {
        await EndAsync(_cache.GetAsync("page:other"));
        var first = _cache.GetAsync(Key);
        var behind = _cache.GetAsync(Key);
        var other = new SimulatedNode(_redis);
        Assert.That(await other.Cache.SetAsync(Key, SimulatedNode.Body("old"), new CacheEntryOptions(TimeSpan.FromHours(1))), Is.True);
        Assert.That(await other.Cache.ClearAsync(), Is.True);
        _redis.Clock.Advance(TimeSpan.FromSeconds(3));
        await EndAsync(first);
        await EndAsync(behind);

        _redis.Clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.That((await EndAsync(_cache.GetAsync(Key))).IsHit, Is.False);
    }

    private async Task<CachedResponse> EndAsync(ValueTask<CachedResponse> reading)
    {
        var read = reading.AsTask();
        await Eventually.BecomesTrueAsync(() =>
        {
            _network.AnswerAll();
            return read.IsCompleted;
        });
        return await read;
    }
}
