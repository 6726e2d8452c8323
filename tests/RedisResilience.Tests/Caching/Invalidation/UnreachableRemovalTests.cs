using RedisResilience.Caching;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Invalidation;

/// <summary>Without Redis, too, nobody who asks after a removal of this process is given a load that began before it.</summary>
internal sealed class UnreachableRemovalTests
{
    [TestCase("key", "key")]
    [TestCase("key", "tag")]
    [TestCase("key", "tag of the answer")]
    [TestCase("key", "all")]
    [TestCase("items:v1:1", "namespace")]
    [TestCase("items:v1:1", "all")]
    [TestCase("items:v1", "namespace")]
    [TestCase("redisresilience:items:v1:1", "namespace")]
    public async Task WhoAsksAfterwards_IsGivenAnotherLoad(string key, string by)
    {
        var node = new SimulatedNode(new SimulatedRedis());
        var options = new CacheEntryOptions(TimeSpan.FromMinutes(1)) { Tags = by == "tag" ? ["tag"] : [] };
        var (hasBegun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        node.Source = async (asked, _) =>
        {
            hasBegun.TrySetResult();
            await mayEnd.Task;
            return SimulatedNode.Body($"{asked}") with { Tags = by == "tag of the answer" ? ["tag"] : [] };
        };
        node.Network.Fault = Fault.CircuitOpen;
        var before = node.GetOrCreateAsync(key, options);
        await hasBegun.Task.WaitAsync(Patience.Limit);

        Assert.That(await RemoveAsync(node.Cache, by, key), Is.False);
        var after = node.GetOrCreateAsync(key, options);
        mayEnd.SetResult();
        Assert.That((await after.WaitAsync(Patience.Limit)).Body, Is.EqualTo("2"));
        Assert.That((await before.WaitAsync(Patience.Limit)).Body, Is.EqualTo("1"));
    }

    [TestCase("tag", "other")]
    [TestCase("namespace", "items:v2")]
    [TestCase("namespace", "items:v11")]
    public async Task RemovalOfSomethingElse_LeavesTheLoadToBeJoined(string by, string name)
    {
        var node = new SimulatedNode(new SimulatedRedis());
        var options = new CacheEntryOptions(TimeSpan.FromMinutes(1)) { Tags = ["tag"] };
        var mayEnd = new TaskCompletionSource();
        node.Source = async (asked, _) =>
        {
            await mayEnd.Task;
            return SimulatedNode.Body($"{asked}");
        };
        node.Network.Fault = Fault.CircuitOpen;
        var before = node.GetOrCreateAsync("items:v1:1", options);
        Assert.That(await (by == "tag" ? node.Cache.RemoveByTagAsync(name) : node.Cache.RemoveNamespaceAsync(name)), Is.False);
        var after = node.GetOrCreateAsync("items:v1:1", options);
        mayEnd.SetResult();
        await Task.WhenAll(before, after).WaitAsync(Patience.Limit);
        Assert.That(node.Asked, Is.EqualTo(1));
    }

    private static ValueTask<bool> RemoveAsync(IResponseCache cache, string by, string key) => by switch
    {
        "key" => cache.RemoveAsync(key),
        "namespace" => cache.RemoveNamespaceAsync(key[..(key.IndexOf(":v1", StringComparison.Ordinal) + 3)]),
        "all" => cache.ClearAsync(),
        _ => cache.RemoveByTagAsync("tag"),
    };
}
