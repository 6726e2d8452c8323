using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.AspNetCore.Adapters;
using RedisResilience.Caching;
using RedisResilience.Caching.Distributed;
using RedisResilience.Caching.Entries;

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

    /// <summary>The write comes between a read and its sign of life.</summary>
    [Test]
    public async Task ValueWrittenWhileItsForerunnerIsRead_KeepsItsOwnEnd([Values] bool isCompressed)
    {
        var cache = Cache(isCompressed ? 256 : null);
        var racing = new Mock<IResponseCache>();
        racing.As<ISlidingCache>().Setup(race => race.ExtendAsync("cache:key", It.IsAny<SeenPart>(), It.IsAny<TimeSpan>())).Returns(
            (string key, SeenPart seen, TimeSpan time) => ((ISlidingCache)cache).ExtendAsync(key, seen, time));
        racing.Setup(race => race.ExtendAsync("cache:key", It.IsAny<TimeSpan>(), default)).Returns(
            (string key, TimeSpan time, CancellationToken token) => cache.ExtendAsync(key, time, token));
        racing.Setup(race => race.GetAsync("cache:key", default)).Returns(async (string key, CancellationToken token) =>
        {
            var read = await cache.GetAsync(key, token);
            await Adapter(cache).SetAsync("key", Value, new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(5) }, token);
            return read;
        });
        await Adapter(cache).SetAsync("key", Value, new() { SlidingExpiration = TimeSpan.FromMinutes(20) });
        Assert.That(await Adapter(racing.Object).GetAsync("key"), Is.EqualTo(Value));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await Adapter(cache).GetAsync("key"), Is.Null);
    }

    [Test]
    public async Task SlidingValue_LivesLongerWithEachRead([Values] bool isCompressed)
    {
        var adapter = Adapter(Cache(isCompressed ? 256 : null));
        await adapter.SetAsync("key", Value, new() { SlidingExpiration = TimeSpan.FromMinutes(20) });
        for (var read = 0; read < 3; read++)
        {
            _time.Advance(TimeSpan.FromMinutes(15));
            Assert.That(await adapter.GetAsync("key"), Is.EqualTo(Value));
        }
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
