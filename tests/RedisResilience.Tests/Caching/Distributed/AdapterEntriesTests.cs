using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.AspNetCore.Adapters;
using RedisResilience.Caching;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.Tests.Caching.Distributed;

/// <summary>The platform's caches over ours as it is: with its compression, and with its bound on what an entry may be.</summary>
internal sealed class AdapterEntriesTests
{
    private const int MaximumEntrySize = 4096;

    private static readonly byte[] Value = new byte[2000];
    private static readonly byte[] TooLarge = new byte[2 * MaximumEntrySize];

    private static readonly DistributedCacheEntryOptions[] Ends =
    [
        new(),
        new() { SlidingExpiration = TimeSpan.FromMinutes(20) },
        new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) },
    ];

    private readonly FakeTimeProvider _time = new();

    [TestCaseSource(nameof(Ends))]
    public async Task CompressedValue_ComesBackEveryWay(DistributedCacheEntryOptions end)
    {
        var adapter = Adapter(Cache(compressionThreshold: 256));
        await adapter.SetAsync("key", Value, end);
        Assert.That(adapter.Get("key"), Is.EqualTo(Value));
        Assert.That(await adapter.GetAsync("key"), Is.EqualTo(Value));
        var writer = new ArrayBufferWriter<byte>();
        Assert.That(adapter.TryGet("key", writer), Is.True);
        Assert.That(await adapter.TryGetAsync("key", writer), Is.True);
        Assert.That(writer.WrittenSpan.ToArray(), Is.EqualTo((byte[])[.. Value, .. Value]));
    }

    [Test]
    public async Task CompressedOutput_ComesBackEveryWay()
    {
        var store = new OutputCacheStoreAdapter(Cache(compressionThreshold: 256));
        await store.SetAsync("key", Value, ["tag"], TimeSpan.FromMinutes(1), default);
        var pipe = new Pipe();
        Assert.That(await store.GetAsync("key", default), Is.EqualTo(Value));
        Assert.That(await store.TryGetAsync("key", pipe.Writer, default), Is.True);
        Assert.That((await pipe.Reader.ReadAsync()).Buffer.ToArray(), Is.EqualTo(Value));
    }

    [Test]
    public async Task ValueThatIsTooLarge_TakesTheOlderOneWithIt([Values] bool isAsync)
    {
        var adapter = Adapter(Cache());
        await adapter.SetAsync("key", Value, new());
        if (isAsync)
        {
            await adapter.SetAsync("key", TooLarge, new());
        }
        else
        {
            adapter.Set("key", TooLarge, new());
        }

        Assert.That(await adapter.GetAsync("key"), Is.Null, "what was replaced is not served any more");
    }

    [Test]
    public async Task OutputThatIsTooLarge_TakesTheOlderOneWithIt([Values] bool isBuffer)
    {
        var store = new OutputCacheStoreAdapter(Cache());
        await store.SetAsync("key", Value, null, TimeSpan.FromMinutes(1), default);
        await (isBuffer
            ? store.SetAsync("key", new ReadOnlySequence<byte>(TooLarge), default, TimeSpan.FromMinutes(1), default)
            : store.SetAsync("key", TooLarge, null, TimeSpan.FromMinutes(1), default));
        Assert.That(await store.GetAsync("key", default), Is.Null);
    }

    private InMemoryResponseCache Cache(int? compressionThreshold = null) =>
        new(_time, options: new RedisResilienceOptions
        {
            MaximumEntrySize = MaximumEntrySize,
            CompressionThreshold = compressionThreshold,
        });

    private DistributedCacheAdapter Adapter(IResponseCache cache) =>
        new(cache, new RedisResilienceDistributedCacheOptions(), TimeSpan.FromSeconds(10), _time);
}
