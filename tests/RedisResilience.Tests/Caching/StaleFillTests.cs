using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using ZiggyCreatures.Caching.Fusion;

namespace RedisResilience.Tests.Caching;

/// <summary>A load reads the old value, the source is written to, the entry is removed, the load ends: what is in the cache afterwards?
/// With three caches side by side.</summary>
internal sealed class StaleFillTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Ours_ServesTheNewValue()
    {
        var cache = new InMemoryResponseCache();
        var served = await RaceAsync(
            async load =>
            {
                using var response = await cache.GetOrCreateAsync(
                    "key", new CacheEntryOptions(Minute), load, static async (load, _) =>
                        new SourceResponse(Encoding.UTF8.GetBytes(await load())));
                return Encoding.UTF8.GetString(response.Body.Span);
            },
            async () => await cache.RemoveAsync("key"));
        Assert.That(served, Is.EqualTo("new"));
    }

    [Test]
    public async Task HybridCache_ServesTheOldValue()
    {
        await using var services = new ServiceCollection().AddHybridCache().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<HybridCache>();
        var served = await RaceAsync(
            async load => await cache.GetOrCreateAsync("key", load, static async (load, _) => await load()),
            async () => await cache.RemoveAsync("key"));
        Assert.That(served, Is.EqualTo("old"), "HybridCache has learnt it: say so in the documentation");
    }

    [Test]
    public async Task FusionCache_ServesTheOldValue()
    {
        using var cache = new FusionCache(new FusionCacheOptions());
        var served = await RaceAsync(
            async load => await cache.GetOrSetAsync<string>("key", async (_, _) => await load(), Minute),
            async () => await cache.RemoveAsync("key"));
        Assert.That(served, Is.EqualTo("old"), "FusionCache has learnt it: say so in the documentation");
    }

    private static async Task<string> RaceAsync(Func<Func<Task<string>>, Task<string>> getOrCreate, Func<Task> remove)
    {
        var source = "old";
        var hasRead = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        var slow = getOrCreate(async () =>
        {
            var read = source;
            hasRead.TrySetResult();
            await mayEnd.Task;
            return read;
        });
        await hasRead.Task.WaitAsync(Patience.Limit);
        source = "new";
        await remove();
        mayEnd.SetResult();
        await slow.WaitAsync(Patience.Limit);
        return await getOrCreate(() => Task.FromResult(source)).WaitAsync(Patience.Limit);
    }
}
