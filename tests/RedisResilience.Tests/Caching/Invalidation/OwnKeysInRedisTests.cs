using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Invalidation;

/// <summary>Which keys the library makes of its own, when, and what their loss means.</summary>
internal sealed class OwnKeysInRedisTests
{
    private const string Tag = "redisresilience:tag:nf:AAPL";
    private static readonly CacheEntryOptions Tagged = new(TimeSpan.FromMinutes(1)) { Tags = ["nf:AAPL"] };

    private readonly SimulatedRedis _redis = new();
    private readonly SimulatedNode _node;
    private readonly SimulatedNode _other;

    public OwnKeysInRedisTests() => (_node, _other) = (new SimulatedNode(_redis), new SimulatedNode(_redis));

    [Test]
    public async Task NothingStored_MakesNoKey()
    {
        _node.Source = static (_, _) => new ValueTask<SourceResponse>(SourceResponse.Nothing);
        await _node.GetOrCreateAsync("nf:v1:AAPL", Tagged);
        await _node.HasAsync("nf:v1:AAPL");
        Assert.That((await VersionAsync(Tag), await VersionAsync("redisresilience:namespace:nf:v1")), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task VersionOfATag_LivesAsLongAsItsEntries()
    {
        await _node.GetOrCreateAsync("nf:v1:AAPL", Tagged);
        Assert.That(await VersionAsync(Tag), Is.Not.Zero);
        _redis.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await VersionAsync(Tag), Is.Zero);
    }

    [Test]
    public async Task RemovedTag_StandsAsLongAsALoadMayTake_AndNoLonger()
    {
        await _node.Cache.RemoveByTagAsync("nf:AAPL");
        _redis.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.That(await VersionAsync(Tag), Is.Positive);
        _redis.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await VersionAsync(Tag), Is.Zero);
    }

    [TestCase("redisresilience:namespace:nf:v1")]
    [TestCase("{redisresilience:namespace:nf:v1}:copy")]
    public async Task LosingEitherKeyOfANamespace_BringsNothingBack_OneAfterTheOther(string lost)
    {
        await _node.GetOrCreateAsync("nf:v1:AAPL", new CacheEntryOptions(TimeSpan.FromHours(1)));
        await _node.Cache.RemoveNamespaceAsync("nf:v1");
        _redis.Store.Lose(lost);
        Assert.That(await _other.HasAsync("nf:v1:AAPL"), Is.False);

        // It has been written again meanwhile.
        _redis.Store.Lose(lost.StartsWith('{') ? "redisresilience:namespace:nf:v1" : "{redisresilience:namespace:nf:v1}:copy");
        Assert.That(await _other.HasAsync("nf:v1:AAPL"), Is.False);
    }

    /// <summary>Red when a process believes the store that there is no version where it knows one.</summary>
    [Test]
    public async Task LosingBothKeysAtOnce_BringsNothingBack_WhileAProcessKnowsThem([Values] bool isAll)
    {
        var name = isAll ? "all" : "nf:v1";
        await _node.GetOrCreateAsync("nf:v1:AAPL", new CacheEntryOptions(TimeSpan.FromHours(1)));
        Assert.That(await (isAll ? _other.Cache.ClearAsync() : _other.Cache.RemoveNamespaceAsync(name)), Is.True);
        Assert.That(await _node.HasAsync("nf:v1:AAPL"), Is.False);
        var version = await VersionAsync($"redisresilience:namespace:{name}");
        _redis.Store.Lose($"redisresilience:namespace:{name}");
        _redis.Store.Lose($"{{redisresilience:namespace:{name}}}:copy");
        Assert.That(await _node.HasAsync("nf:v1:AAPL"), Is.False);

        // It has been written again meanwhile, for those too who have never heard of it.
        Assert.That(await VersionAsync($"redisresilience:namespace:{name}"), Is.EqualTo(version));
        Assert.That(await new SimulatedNode(_redis).HasAsync("nf:v1:AAPL"), Is.False);
    }

    [Test]
    public async Task MarkThatHasEnded_IsNotPutBack()
    {
        await _node.Cache.RemoveNamespaceAsync("nf:v1");
        Assert.That(await _node.HasAsync("nf:v1:AAPL"), Is.False);
        _redis.Clock.Advance(TimeSpan.FromDays(365));
        Assert.That(await _node.HasAsync("nf:v1:AAPL"), Is.False);
        Assert.That(await VersionAsync("redisresilience:namespace:nf:v1"), Is.Zero);
    }

    [Test]
    public async Task TagWhoseRemovalWasNotAcknowledged_IsNotTrusted()
    {
        await _node.GetOrCreateAsync("a", Tagged);
        _node.Network.Fault = Fault.DeadlineExceeded;
        Assert.That(await _node.Cache.RemoveByTagAsync("nf:AAPL"), Is.False);
        _node.Network.Fault = Fault.None;
        Assert.That(await _node.HasAsync("a"), Is.False);
    }

    [Test]
    public async Task ColdKeyOfANamespace_IsOneRoundTrip()
    {
        var network = new HeldNetwork(_redis.Clock);
        var cache = Caches.Over(new SimulatedGateway(_redis, network), timeProvider: _redis.Clock);
        var reading = cache.GetAsync("nf:v1:AAPL").AsTask();
        await Eventually.BecomesTrueAsync(() => network.Count == 3);
        for (var message = 0; message < 3; message++)
        {
            (await network.MessageAsync(message)).Reply();
        }

        Assert.That((await reading.WaitAsync(Patience.Limit)).IsHit, Is.False);
        Assert.That(network.Count, Is.EqualTo(3), "nothing was asked one after the other");
    }

    [Test]
    public async Task ManyRemovalsOfAnOutage_AreSentTogether()
    {
        var network = new HeldNetwork(_redis.Clock);
        var parts = Caches.PartsOver(new SimulatedGateway(_redis, network), new RedisResilienceOptions(), _redis.Clock);
        for (var key = 0; key < 500; key++)
        {
            parts.Pending.Remember(RedisResilience.Caching.Invalidation.Removal.OfKey($"key{key}"));
        }

        var applying = parts.Pending.TryApplyAllAsync(parts.Removals).AsTask();
        await Eventually.BecomesTrueAsync(() => network.Count >= 500);
        for (var message = 0; message < network.Count; message++)
        {
            (await network.MessageAsync(message)).Reply();
        }

        Assert.That(await applying.WaitAsync(Patience.Limit), Is.True);
        Assert.That(parts.Pending.IsEmpty, Is.True);
    }

    private async Task<long> VersionAsync(string key) =>
        (await _redis.Store.VersionAsync(key, VersionChange.Look, TimeSpan.Zero, default)).Value;
}
