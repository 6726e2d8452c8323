using RedisResilience.Caching;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Tests.Caching.Reading;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

internal sealed class TagAndNamespaceTests
{
    private static readonly CacheEntryOptions Tagged = new(TimeSpan.FromMinutes(1)) { Tags = ["stocks", "tech"] };
    private static readonly CacheEntryOptions Plain = new(TimeSpan.FromMinutes(1));

    private readonly SimulatedRedis _redis = new();
    private readonly SimulatedNode _node;
    private readonly SimulatedNode _other;

    public TagAndNamespaceTests() => (_node, _other) = (new SimulatedNode(_redis), new SimulatedNode(_redis));

    [TestCase("stocks")]
    [TestCase("tech")]
    public async Task RemovedTag_TakesItsEntriesWithItInEveryProcess(string tag)
    {
        await _node.GetOrCreateAsync("a", Tagged);
        await _node.GetOrCreateAsync("b", Plain);
        Assert.That(await _other.HasAsync("a"), Is.True);
        Assert.That(await _other.Cache.RemoveByTagAsync(tag), Is.True);
        Assert.That((await _node.HasAsync("a"), await _other.HasAsync("a"), await _node.HasAsync("b")), Is.EqualTo((false, false, true)));
        Assert.That(await _node.GetOrCreateAsync("a", Tagged), Is.EqualTo((CacheOutcome.Created, "3")));
        Assert.That(await _other.HasAsync("a"), Is.True);
    }

    [Test]
    public async Task TagRemovedWhileItWasLoaded_TheEntryIsVoid()
    {
        var gate = new TaskCompletionSource();
        _node.Source = async (_, _) =>
        {
            await gate.Task;
            return SimulatedNode.Body("old");
        };
        var load = _node.GetOrCreateAsync("a", Tagged);
        await _other.Cache.RemoveByTagAsync("tech");
        gate.SetResult();
        await load.WaitAsync(Patience.Limit);
        Assert.That(await _other.HasAsync("a"), Is.False);
    }

    [Test]
    public async Task TagOfTheSourcesOwn_IsFencedToo()
    {
        var gate = Task.CompletedTask;
        _node.Source = async (_, _) =>
        {
            await gate;
            return new SourceResponse(new byte[] { 1 }) { Tags = ["late"] };
        };
        await _node.GetOrCreateAsync("a", Plain);
        Assert.That(await _other.HasAsync("a"), Is.True);
        await _other.Cache.RemoveByTagAsync("late");
        Assert.That(await _node.HasAsync("a"), Is.False);

        var held = new TaskCompletionSource();
        gate = held.Task;
        var load = _node.GetOrCreateAsync("a", Plain);
        await _other.Cache.RemoveByTagAsync("late");
        held.SetResult();
        await load.WaitAsync(Patience.Limit);
        Assert.That(await _other.HasAsync("a"), Is.False);
    }

    [Test]
    public async Task TagsWithoutAnAnswer_AreAskedForOnceEach()
    {
        _node.Network.Fault = RedisResilience.Gateway.Fault.DeadlineExceeded;
        await _node.Cache.SetAsync("a", SimulatedNode.Body("x"), Tagged);
        Assert.That(_node.Network.Sent, Is.EqualTo(Tagged.Tags.Count + 2), "and once where the entry stands, which is kept twice");
    }

    [Test]
    public async Task SetWithTags_IsRemovedByThem()
    {
        await _node.Cache.SetAsync("a", SimulatedNode.Body("x"), Tagged);
        Assert.That(await _other.HasAsync("a"), Is.True);
        await _other.Cache.RemoveByTagAsync("stocks");
        Assert.That(await _node.HasAsync("a"), Is.False);
    }

    [Test]
    public async Task RaisedNamespace_LeavesEverythingBehindInEveryProcess()
    {
        await _node.GetOrCreateAsync("predictions:v1:AAPL", Plain);
        await _node.GetOrCreateAsync("prices:v1:AAPL", Plain);
        Assert.That(await _other.Cache.RemoveNamespaceAsync("predictions:v1"), Is.True);
        Assert.That((await _node.HasAsync("predictions:v1:AAPL"), await _node.HasAsync("prices:v1:AAPL")), Is.EqualTo((false, true)));
        await _node.GetOrCreateAsync("predictions:v1:AAPL", Plain);
        Assert.That((await _redis.Store.ReadAsync(
            "predictions:v2:AAPL", false, default)).Value.Payload.Exists, Is.False, "that may be the application's own");
        Assert.That(await _other.HasAsync("predictions:v1:AAPL"), Is.True);
    }

    [Test]
    public async Task HigherVersionInTheCode_Wins()
    {
        await _node.Cache.RemoveNamespaceAsync("predictions:v1");
        await _node.GetOrCreateAsync("predictions:v7:AAPL", Plain);
        Assert.That((await _redis.Store.ReadAsync("predictions:v7:AAPL", false, default)).Value.Payload.Exists, Is.True);
    }

    [TestCase("predictions:v1:AAPL", "predictions:v1", 1)]
    [TestCase("a:v12", "a:v12", 12)]
    [TestCase("a:value:v3:x", "a:value:v3", 3)]
    [TestCase(":v1:x", null, 0, Description = "no name")]
    [TestCase("a:v:x", null, 0)]
    [TestCase("a:v1x:y", null, 0)]
    [TestCase("plain", null, 0)]
    public void Namespace_IsFoundInAKey(string key, string? expected, int version)
    {
        var isFound = NamespaceRules.TryFind(key, out var length, out var found);
        Assert.That((isFound ? key[..length] : null, found), Is.EqualTo((expected, version)));
    }

    [TestCase("predictions")]
    [TestCase("predictions:v1:")]
    [TestCase("predictions:v1:AAPL")]
    [TestCase("")]
    public void BadNamespace_IsRefused(string name) =>
        Assert.That(() => _node.Cache.RemoveNamespaceAsync(name).AsTask(), Throws.ArgumentException);
}
