using System.Buffers;
using System.IO.Pipelines;
using RedisResilience.AspNetCore.Adapters;

namespace RedisResilience.Tests.AspNetCore.Adapters;

public sealed class OutputCacheStoreAdapterTests
{
    private static readonly byte[] Value = [1, 2, 3];

    private FakeCache _cache = null!;
    private OutputCacheStoreAdapter _store = null!;

    [SetUp]
    public void Create()
    {
        _cache = new FakeCache();
        _store = new OutputCacheStoreAdapter(_cache);
    }

    [Test]
    public async Task StoredValue_ComesBackEveryWay([Values] bool isBuffer)
    {
        await SetAsync("GET\u001e/a", isBuffer);
        var pipe = new Pipe();

        Assert.That(await _store.GetAsync("GET\u001e/a", default), Is.EqualTo(Value));
        Assert.That(await _store.TryGetAsync("GET\u001e/a", pipe.Writer, default), Is.True);
        Assert.That((await pipe.Reader.ReadAsync()).Buffer.ToArray(), Is.EqualTo(Value));
        Assert.That(_cache.StoredFor, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(_cache.Entries.Keys, Is.EqualTo(new[] { "output:GET%1E/a" }));
        Assert.That(_cache.Disposed, Is.EqualTo(2));
    }

    [Test]
    public async Task MissingValue_IsAMiss()
    {
        Assert.That(await _store.GetAsync("key", default), Is.Null);
        Assert.That(await _store.TryGetAsync("key", new Pipe().Writer, default), Is.False);
    }

    [Test]
    public async Task EvictedTag_TakesItsEntriesAndNoOther([Values] bool isBuffer)
    {
        await SetAsync("a", isBuffer, "shop", "x\r\n");
        await SetAsync("b", isBuffer, "shop");
        await SetAsync("c", isBuffer, "blog");

        await _store.EvictByTagAsync("x\r\n", default);
        Assert.That(_cache.Entries.Keys, Is.EquivalentTo(new[] { "output:b", "output:c" }));
        await _store.EvictByTagAsync("shop", default);
        Assert.That(_cache.Entries.Keys, Is.EquivalentTo(new[] { "output:c" }));
    }

    [Test]
    public async Task TimeOutOfRange_IsTheNearestThatThereIs()
    {
        await _store.SetAsync("a", Value, null, TimeSpan.MaxValue, default);
        Assert.That(_cache.StoredFor, Is.EqualTo(TimeSpan.FromDays(365)));

        await _store.SetAsync("a", Value, null, TimeSpan.Zero, default);
        Assert.That(_cache.StoredFor, Is.EqualTo(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task MoreTagsThanAnEntryCanHave_IsNotStored()
    {
        await SetAsync("a", isBuffer: true, [.. Enumerable.Range(0, 17).Select(tag => $"tag{tag}")]);

        Assert.That(_cache.Entries, Is.Empty, "it could not be evicted by all of them");
    }

    private ValueTask SetAsync(string key, bool isBuffer, params string[] tags) => isBuffer
        ? _store.SetAsync(key, new ReadOnlySequence<byte>(Value), tags, TimeSpan.FromSeconds(60), default)
        : _store.SetAsync(key, Value, tags, TimeSpan.FromSeconds(60), default);
}
