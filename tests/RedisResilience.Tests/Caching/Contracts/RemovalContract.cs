using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Contracts;

/// <summary>What was removed is not served, whatever was under way, whatever the application calls its keys: with Redis and
/// without.</summary>
internal abstract class RemovalContract
{
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));

    /// <summary>An empty cache that asks for versions with every read.</summary>
    protected abstract Task<IResponseCache> CreateAsync();

    [TestCase("key", "tag", "options")]
    [TestCase("key", "tag", "response")]
    [TestCase("items:v1:1", "tag", "options")]
    [TestCase("items:v1:1", null, "key")]
    [TestCase("items:v1:1", null, "namespace")]
    [TestCase("items:v1:1", null, "all")]
    [TestCase("key", null, "all")]
    [TestCase("key", "tag", "all")]
    public async Task RemovedWhileItIsLoaded_WhoAsksAfterwardsIsNotGivenTheOld(string key, string? tag, string by)
    {
        var cache = await CreateAsync();
        var (hasBegun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var options = tag is null || by == "response" ? Minute : Minute with { Tags = [tag] };
        var told = by == "response" ? [tag!] : Array.Empty<string>();
        var before = GetAsync(cache, key, options, told, async () =>
        {
            hasBegun.SetResult();
            await mayEnd.Task;
            return "old";
        });
        await hasBegun.Task.WaitAsync(Patience.Limit);
        Assert.That(await RemoveAsync(cache, by, key, tag), Is.True);

        var after = GetAsync(cache, key, options, told, static () => Task.FromResult("new"));
        await Task.WhenAny(after, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        mayEnd.SetResult();
        Assert.That(await after.WaitAsync(Patience.Limit), Is.EqualTo("new"));
        Assert.That(await before.WaitAsync(Patience.Limit), Is.EqualTo("old"));
        Assert.That(
            await GetAsync(cache, key, options, told, static () => Task.FromResult("new")).WaitAsync(Patience.Limit), Is.EqualTo("new"));
    }

    [TestCase("items:v2:5")]
    [TestCase("items:v1")]
    [TestCase("items")]
    [TestCase("tag:all")]
    [TestCase("all")]
    [TestCase("namespace:items:v1")]
    [TestCase("redisresilience:namespace:items:v1")]
    [TestCase("redisresilience:tag:all")]
    [TestCase("{redisresilience:namespace:items:v1}:copy")]
    [TestCase("redisresilience:entry:items:v1:5")]
    [TestCase("{items:v1:5}:lease")]
    public async Task RemovedNamespace_LeavesOtherKeysAlone_AndTheyIt(string other)
    {
        var cache = await CreateAsync();

        // The twin without Redis says that it has removed, and keeps nothing either before or after.
        string? Kept(string text) => cache is NoOpResponseCache ? null : text;
        await SetAsync(cache, other, "other");
        await SetAsync(cache, "items:v1:5", "old");
        Assert.That(await cache.RemoveNamespaceAsync("items:v1"), Is.True);
        await SetAsync(cache, "items:v1:5", "new");
        Assert.That(await ReadAsync(cache, "items:v1:5"), Is.EqualTo(Kept("new")));
        Assert.That(await ReadAsync(cache, other), Is.EqualTo(other == "items:v1" ? null : Kept("other")));
        await SetAsync(cache, other, "changed");
        Assert.That(await ReadAsync(cache, "items:v1:5"), Is.EqualTo(Kept("new")));
        Assert.That(await cache.RemoveAsync("items:v1:5"), Is.True);
        Assert.That(await ReadAsync(cache, "items:v1:5"), Is.Null);
        Assert.That(await ReadAsync(cache, other), Is.EqualTo(Kept("changed")));
    }

    [Test]
    public async Task ClearedCache_HoldsNothing_AndIsFilledAnew()
    {
        var cache = await CreateAsync();
        string[] keys = ["key", "items:v1:1", "items:v2:1", "redisresilience:x"];
        foreach (var key in keys)
        {
            await SetAsync(cache, key, "old");
        }

        Assert.That(await cache.ClearAsync(), Is.True);
        foreach (var key in keys)
        {
            Assert.That(await ReadAsync(cache, key), Is.Null);
            Assert.That(await GetAsync(cache, key, Minute, [], static () => Task.FromResult("new")), Is.EqualTo("new"));
            Assert.That(await ReadAsync(cache, key), Is.EqualTo(cache is NoOpResponseCache ? null : "new"));
        }
    }

    private static async Task<bool> RemoveAsync(IResponseCache cache, string by, string key, string? tag) => by switch
    {
        "key" => await cache.RemoveAsync(key),
        "namespace" => await cache.RemoveNamespaceAsync(key[..key.LastIndexOf(':')]),
        "all" => await cache.ClearAsync(),
        _ => await cache.RemoveByTagAsync(tag!),
    };

    private static async Task SetAsync(IResponseCache cache, string key, string text) =>
        Assert.That(
            await cache.SetAsync(key, Encoding.UTF8.GetBytes(text), TimeSpan.FromMinutes(1)), Is.EqualTo(cache is not NoOpResponseCache));

    private static async Task<string?> ReadAsync(IResponseCache cache, string key)
    {
        using var response = await cache.GetAsync(key);
        return response.HasBody ? Encoding.UTF8.GetString(response.Body.Span) : null;
    }

    private static async Task<string> GetAsync(
        IResponseCache cache, string key, CacheEntryOptions options, string[] told, Func<Task<string>> source)
    {
        using var response = await cache.GetOrCreateAsync(
            key, options, (source, told), static async (load, _) =>
                new SourceResponse(Encoding.UTF8.GetBytes(await load.source())) { Tags = load.told });
        return Encoding.UTF8.GetString(response.Body.Span);
    }
}
