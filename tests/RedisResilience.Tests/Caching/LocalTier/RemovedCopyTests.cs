using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.Gateway.Recovery;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.LocalTier;

/// <summary>After a process has removed an entry, no read that was under way brings it back as a copy in that process.</summary>
internal sealed class RemovedCopyTests
{
    private const string Key = "page:x";

    private readonly SimulatedRedis _redis = new();

    /// <summary>Red where a read keeps its copy unless something is removed after it was sent: where its entry stands was found out
    /// before.</summary>
    [Test]
    public async Task ReadThatWasLocatedBeforeAllWasRemoved_KeepsNoCopy()
    {
        var network = new HeldNetwork(_redis.Clock);
        var cache = await NewCacheAsync(network);
        var (first, behind) = (cache.GetAsync(Key).AsTask(), cache.GetAsync(Key).AsTask());
        var removal = cache.ClearAsync().AsTask();
        (await network.MessageAsync(2)).Reply();
        Assert.That(await removal.WaitAsync(Patience.Limit), Is.True);
        await ReplyAsync(network, 0, 1, 3, 4);
        Assert.That(((await first).IsHit, (await behind).IsHit), Is.EqualTo((true, true)));

        var after = cache.GetAsync(Key).AsTask();
        Assert.That(after.IsCompleted, Is.False, "the copy is served");
        await ReplyAsync(network, 5);
        Assert.That((await after).IsHit, Is.False);
    }

    /// <summary>Red where copies are dropped only before the namespace's new version is known.</summary>
    [Test]
    public async Task ReadInTheMidstOfTheRemoval_KeepsNoCopy()
    {
        ResponseCache? cache = null;
        var news = new Mock<IInvalidationPublisher>();
        news.Setup(it => it.Listen(It.IsAny<IInvalidationListener>(), It.IsAny<IReadOnlyList<string>>()))
            .Callback((IInvalidationListener listener, IReadOnlyList<string> _) => listener.Trust(LocalTierMode.Messages));
        news.Setup(it => it.Publish(It.IsAny<string>())).Callback(() => Assert.That(cache!.GetAsync(Key).AsTask().Result.IsHit, Is.True));
        cache = await NewCacheAsync(new PerfectNetwork(), news.Object);
        Assert.That((await cache.GetAsync(Key)).IsHit, Is.True);

        Assert.That(await cache.ClearAsync(), Is.True);
        Assert.That((await cache.GetAsync(Key)).IsHit, Is.False);
    }

    /// <summary>Red where a copy is served without a look at the removals that Redis has not acknowledged.</summary>
    [Test]
    public async Task CopyOfWhatIsToBeRemoved_IsNotServed()
    {
        var network = new HeldNetwork(_redis.Clock);
        var cache = await NewCacheAsync(network);
        var (first, behind) = (cache.GetAsync(Key).AsTask(), cache.GetAsync(Key).AsTask());
        var removal = cache.RemoveAsync(Key).AsTask();
        (await network.MessageAsync(2)).Miss();
        Assert.That(await removal.WaitAsync(Patience.Limit), Is.False);
        await ReplyAsync(network, 0, 1, 3, 4);
        Assert.That(((await first).IsHit, (await behind).IsHit), Is.EqualTo((true, true)));

        var after = cache.GetAsync(Key).AsTask();
        Assert.That(after.IsCompleted, Is.False, "the copy is served");
        (await network.MessageAsync(5)).Miss();
        Assert.That((await after.WaitAsync(Patience.Limit)).IsHit, Is.False);
    }

    /// <summary>Red where a copy of an entry that has another place by now goes on being served: its removal takes the entry from
    /// there.</summary>
    [Test]
    public async Task CopyFromBeforeAnotherProcessHasRemovedAll_GoesWithTheRemovalOfItsKey()
    {
        var cache = await NewCacheAsync(new PerfectNetwork());
        Assert.That((await cache.GetAsync(Key)).IsHit, Is.True);
        Assert.That(await new SimulatedNode(_redis).Cache.ClearAsync(), Is.True);
        _redis.Clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.That((await cache.GetAsync("page:other")).IsHit, Is.False);

        Assert.That(await cache.RemoveAsync(Key), Is.True);
        Assert.That((await cache.GetAsync(Key)).IsHit, Is.False);
    }

    private async Task<ResponseCache> NewCacheAsync(ISimulatedNetwork network, IInvalidationPublisher? news = null)
    {
        var options = new CacheEntryOptions(TimeSpan.FromHours(1));
        Assert.That(await new SimulatedNode(_redis).Cache.SetAsync(Key, SimulatedNode.Body("old"), options), Is.True);
        return RedisResponseCache.Create(
            new SimulatedGateway(_redis, network), Mock.Of<IRedisRecovery>(),
            new RedisResilienceOptions { LocalTier = { KeyPrefixes = { "page" } } }, _redis.Clock,
            news ?? new SimulatedNews([], new Random(1)));
    }

    private static async Task ReplyAsync(HeldNetwork network, params int[] messages)
    {
        foreach (var message in messages)
        {
            (await network.MessageAsync(message)).Reply();
        }
    }
}
