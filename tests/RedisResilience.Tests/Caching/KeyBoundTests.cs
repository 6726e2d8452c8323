using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.Caching;

/// <summary>How many different keys a process stores at once, and what is told of it.</summary>
internal sealed class KeyBoundTests
{
    private const int Most = 100;
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();
    private readonly StoredKeys _keys;
    private readonly ResponseCache _cache;

    public KeyBoundTests()
    {
        var options = new RedisResilienceOptions { MaximumStoredKeys = Most };
        _keys = new StoredKeys(Most, _time, _log);
        var store = new InMemoryEntryStore(_time, long.MaxValue);
        _cache = new ResponseCache(new ResponseCacheParts(store, store, options, _time, keys: _keys));
    }

    [Test]
    public async Task BeyondTheBound_NewKeysAreServedAndNotStored()
    {
        var stored = 0;
        for (var key = 0; key < 10 * Most; key++)
        {
            using var response = await GetOrCreateAsync($"predictions:v1:{key}");
            Assert.That(response.HasBody, Is.True);
            stored += response.IsStored ? 1 : 0;
        }

        Assert.That(stored, Is.EqualTo(Most));
        Assert.That(_keys.IsFull, Is.True);
    }

    [Test]
    public async Task KeysThatWereThereBefore_AreStoredAgain()
    {
        await FillAsync("predictions:v1");
        await _cache.RemoveAsync("predictions:v1:0");
        using var response = await GetOrCreateAsync("predictions:v1:0");
        Assert.That(response.IsStored, Is.True);
    }

    [Test]
    public async Task SetAsync_KeepsToIt()
    {
        await FillAsync("predictions:v1");
        var refused = 0;
        for (var key = 0; key < 10; key++)
        {
            refused += await _cache.SetAsync($"predictions:v1:new{key}", new byte[1], TimeSpan.FromMinutes(1)) ? 0 : 1;
        }

        Assert.That(refused, Is.EqualTo(10));
    }

    [Test]
    public async Task Tags_CountToo()
    {
        var stored = 0;
        for (var key = 0; key < Most; key++)
        {
            using var response = await _cache.GetOrCreateAsync(
                $"{key}", Minute with { Tags = [$"tag{key}"] }, 0, static (_, _) =>
                    new ValueTask<SourceResponse>(new SourceResponse(new byte[10])));
            stored += response.IsStored ? 1 : 0;
        }

        Assert.That(stored, Is.EqualTo(Most / 2));
    }

    [Test]
    public async Task WhenTheirLifeIsOver_ThereIsRoomAgain()
    {
        await FillAsync("predictions:v1");
        _time.Advance(TimeSpan.FromMinutes(1));
        using var response = await GetOrCreateAsync("predictions:v1:new");
        Assert.That(response.IsStored, Is.True);
        Assert.That(_keys.Namespaces.Single().Keys, Is.EqualTo(1));
    }

    [Test]
    public async Task ItIsLoggedOnce_AndWithoutAKey()
    {
        await FillAsync("predictions:v1");
        var record = _log.Collector.GetSnapshot().Single();
        Assert.That(record.Id.Id, Is.EqualTo(Log.TooManyKeysId));
        Assert.That(record.Message, Does.Contain($"{Most}").And.Not.Contain("predictions"));
    }

    [Test]
    public async Task Usage_TellsKeysAndBytes()
    {
        for (var key = 0; key < 10; key++)
        {
            using var response = await GetOrCreateAsync($"predictions:v1:{key}");
        }

        await _cache.SetAsync("AAPL", new byte[1001], TimeSpan.FromMinutes(1));
        Assert.That(_keys.Namespaces, Is.EquivalentTo(new[]
        {
            new NamespaceUsage("predictions:v1", 10, 100),
            new NamespaceUsage("", 1, 1001),
        }));
    }

    [Test]
    public async Task ManyNamespaces_AreCountedAsOne()
    {
        for (var space = 0; space < Most; space++)
        {
            using var response = await GetOrCreateAsync($"space{space}:v1:AAPL");
        }

        Assert.That(_keys.Namespaces, Has.Count.EqualTo(65), "64 and all others together");
    }

    private async Task FillAsync(string space)
    {
        for (var key = 0; key < 2 * Most; key++)
        {
            using var response = await GetOrCreateAsync($"{space}:{key}");
        }
    }

    private ValueTask<CachedResponse> GetOrCreateAsync(string key) =>
        _cache.GetOrCreateAsync(key, Minute, 0, static (_, _) => new ValueTask<SourceResponse>(new SourceResponse(new byte[10])));
}
