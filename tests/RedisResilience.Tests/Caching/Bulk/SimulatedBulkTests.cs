using System.Text;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Bulk;

internal sealed class SimulatedBulkTests : BulkContract
{
    private readonly SimulatedRedis _redis = new();

    public SimulatedBulkTests() => Cache = Over(new RedisResilienceOptions { MaximumConcurrentLoads = 100, MaximumQueuedLoads = 0 });

    protected override IResponseCache Cache { get; }

    [Test]
    public async Task ManyKeys_AreOneLoad() => Assert.That(await LoadAsync(0, 1000), Is.EqualTo(1000));

    private async Task<int> LoadAsync(int first, int count)
    {
        var source = new TaskCompletionSource();
        string[] keys = [.. Enumerable.Range(first, count).Select(index => $"{index}")];
        var read = Cache.GetOrCreateManyAsync(
            keys, new CacheEntryOptions(TimeSpan.FromMinutes(1)), source, static async (source, keys, _) =>
        {
            await source.Task;
            return keys.ToDictionary(key => key, key => new SourceResponse("body"u8.ToArray()));
        }).AsTask();
        source.SetResult();
        return (await read.WaitAsync(Patience.Limit)).Count;
    }

    [Test]
    public async Task RemovedWhileTheyAreLoaded_IsNotStored()
    {
        var source = new TaskCompletionSource();
        var read = Cache.GetOrCreateManyAsync(
            ["a", "b"], new CacheEntryOptions(TimeSpan.FromMinutes(1)), source, static async (source, keys, _) =>
        {
            await source.Task;
            return keys.ToDictionary(key => key, key => new SourceResponse("old"u8.ToArray()));
        }).AsTask();
        Assert.That(await Over(new RedisResilienceOptions()).RemoveAsync("a"), Is.True);
        source.SetResult();
        await read.WaitAsync(Patience.Limit);
        await Eventually.BecomesTrueAsync(async () => (await Cache.GetAsync("b")).IsHit);
        Assert.That((await Cache.GetAsync("a")).IsHit, Is.False);
    }

    [Test]
    public async Task AnothersLoad_IsWaitedForAndNotRepeated()
    {
        var loading = new TaskCompletionSource<SourceResponse>();
        var another = Cache.GetOrCreateAsync("a", new CacheEntryOptions(TimeSpan.FromMinutes(1)), loading, static (loading, _) =>
            new ValueTask<SourceResponse>(loading.Task)).AsTask();
        var read = ReadAsync("a", "b");
        loading.SetResult(new SourceResponse(Encoding.UTF8.GetBytes("another's")));
        Assert.That(await read.WaitAsync(Patience.Limit), Is.EqualTo(new[] { "another's", "of b" }));
        await another.WaitAsync(Patience.Limit);
    }

    private ResponseCache Over(RedisResilienceOptions options) =>
        Caches.Over(new SimulatedGateway(_redis), timeProvider: _redis.Clock, options: options);
}
