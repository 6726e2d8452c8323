using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching.Distributed;
using RedisResilience.Tests.AspNetCore;

namespace RedisResilience.Tests.Caching.Distributed;

public sealed class DistributedCacheAdapterTests
{
    private static readonly byte[] Value = [1, 2, 3];
    private static readonly DistributedCacheEntryOptions Sliding = new() { SlidingExpiration = TimeSpan.FromMinutes(20) };

    private readonly FakeTimeProvider _time = new();
    private FakeCache _cache = null!;
    private DistributedCacheAdapter _adapter = null!;

    [SetUp]
    public void Create()
    {
        _cache = new FakeCache();
        _adapter = new DistributedCacheAdapter(_cache, new RedisResilienceDistributedCacheOptions(), TimeSpan.FromMilliseconds(50), _time);
    }

    [Test]
    public async Task StoredValue_ComesBackEveryWay([Values] bool isSet, [Values] bool isAsync, [Values] bool isBuffer)
    {
        switch (isAsync, isBuffer)
        {
            case (false, false): _adapter.Set("key", Value, new()); break;
            case (false, true): _adapter.Set("key", new ReadOnlySequence<byte>(Value), new()); break;
            case (true, false): await _adapter.SetAsync("key", Value, new()); break;
            default: await _adapter.SetAsync("key", new ReadOnlySequence<byte>(Value), new()); break;
        }

        var name = isSet ? "key" : "other";
        var expected = isSet ? Value : null;
        Assert.That(_adapter.Get(name), Is.EqualTo(expected));
        Assert.That(await _adapter.GetAsync(name), Is.EqualTo(expected));
        var writer = new ArrayBufferWriter<byte>();
        Assert.That(_adapter.TryGet(name, writer), Is.EqualTo(isSet));
        Assert.That(await _adapter.TryGetAsync(name, writer), Is.EqualTo(isSet));
        Assert.That(writer.WrittenCount, Is.EqualTo(isSet ? 6 : 0));
        Assert.That(_cache.StoredFor, Is.EqualTo(TimeSpan.FromDays(1)));
        Assert.That(_cache.Disposed, Is.EqualTo(isSet ? 4 : 0), "every buffer goes back");
    }

    [Test]
    public async Task RemovedValue_IsGone([Values] bool isAsync)
    {
        _adapter.Set("key", Value, new());

        if (isAsync)
        {
            await _adapter.RemoveAsync("key");
        }
        else
        {
            _adapter.Remove("key");
        }

        Assert.That(_adapter.Get("key"), Is.Null);
    }

    [Test]
    public async Task Read_ExtendsASlidingEntry()
    {
        await _adapter.SetAsync("key", Value, new()
        {
            SlidingExpiration = TimeSpan.FromMinutes(20),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(30)
        });
        Assert.That(_cache.StoredFor, Is.EqualTo(TimeSpan.FromMinutes(20)));

        _time.Advance(TimeSpan.FromMinutes(15));
        await _adapter.GetAsync("key");
        await _adapter.RefreshAsync("key");
        _adapter.Refresh("key");

        Assert.That(_cache.Extended, Is.EqualTo(Enumerable.Repeat(("cache:key", TimeSpan.FromMinutes(15)), 3)));
    }

    [Test]
    public async Task Read_ExtendsNoOtherEntry()
    {
        await _adapter.SetAsync("key", Value, new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(30) });

        await _adapter.GetAsync("key");
        await _adapter.RefreshAsync("key");

        Assert.That(_cache.Extended, Is.Empty);
    }

    [Test]
    public async Task EntryAtItsEnd_IsAMissAndIsNotExtended()
    {
        await _adapter.SetAsync("key", Value, new()
        {
            SlidingExpiration = TimeSpan.FromMinutes(20),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(30)
        });
        _time.Advance(TimeSpan.FromMinutes(31));

        Assert.That(await _adapter.GetAsync("key"), Is.Null);
        Assert.That(_cache.Extended, Is.Empty);
    }

    [Test]
    public async Task ValueWhoseTimeIsOver_ReplacesTheOldOneByNothing()
    {
        await _adapter.SetAsync("key", Value, new());

        await _adapter.SetAsync("key", [9], new() { AbsoluteExpiration = _time.GetUtcNow().AddSeconds(-1) });

        Assert.That(await _adapter.GetAsync("key"), Is.Null);
    }

    [Test]
    public async Task GarbageUnderTheKey_IsAMiss([Values("", "S", "{}")] string garbage)
    {
        _cache.Put("cache:key", garbage);

        Assert.That(await _adapter.GetAsync("key"), Is.Null);
        Assert.That(_adapter.TryGet("key", new ArrayBufferWriter<byte>()), Is.False);
        Assert.That(_cache.Disposed, Is.EqualTo(2));
    }

    [Test]
    public void SynchronousCalls_WaitNoLongerThanTheirBound()
    {
        _cache.ReadGate = new TaskCompletionSource();
        _cache.Storing = new TaskCompletionSource<bool>().Task;
        var begun = Stopwatch.StartNew();

        Assert.That(_adapter.Get("key"), Is.Null);
        Assert.That(_adapter.TryGet("key", new ArrayBufferWriter<byte>()), Is.False);
        _adapter.Set("key", Value, new());
        _adapter.Refresh("key");

        Assert.That(begun.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)), "four waits, none without an end");
    }

    [Test]
    public void LateRead_GivesItsBufferBack()
    {
        _adapter.Set("key", Value, Sliding);
        _cache.ReadGate = new TaskCompletionSource();
        Assert.That(_adapter.Get("key"), Is.Null);

        _cache.ReadGate.SetResult();

        Assert.That(() => _cache.Disposed, Is.EqualTo(1).After(5000, 5));
    }

    [Test]
    public void Cancellation_Passes()
    {
        _cache.ReadGate = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        var reading = _adapter.GetAsync("key", cancellation.Token);

        cancellation.Cancel();

        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Null_IsRefused()
    {
        Assert.That(() => _adapter.Get(null!), Throws.ArgumentNullException);
        Assert.That(() => _adapter.Set("key", (byte[])null!, new()), Throws.ArgumentNullException);
        Assert.That(() => _adapter.Set("key", Value, null!), Throws.ArgumentNullException);
        Assert.That(() => _adapter.Remove(null!), Throws.ArgumentNullException);
        Assert.That(() => _adapter.TryGet("key", null!), Throws.ArgumentNullException);
    }
}
