using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Distributed;

/// <summary>
/// An <see cref="IDistributedCache"/> over the response cache. Without an answer from Redis, a read is a miss and a write is lost, at once
/// and without an exception.
/// </summary>
internal sealed class DistributedCacheAdapter(
    IResponseCache cache, RedisResilienceDistributedCacheOptions options, TimeSpan longestWait, TimeProvider time, LargeValues? large =
        null) : IBufferDistributedCache
{
    private readonly string _prefix = options.KeyPrefix;
    private readonly TimeSpan _defaultTimeToLive = options.DefaultTimeToLive;

    public byte[]? Get(string key) => BoundedWait.For(GetAsync(key), longestWait, null);

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        using var entry = await ReadAsync(KeyOf(key), token).ConfigureAwait(false);
        return entry.Exists ? entry.Value.ToArray() : null;
    }

    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);

        // Not TryGetAsync: one that comes late would write into a buffer that is its caller's again.
        var value = Get(key);
        destination.Write(value);
        return value is not null;
    }

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var entry = await ReadAsync(KeyOf(key), token).ConfigureAwait(false);
        destination.Write(entry.Value.Span);
        return entry.Exists;
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) =>
        BoundedWait.For(StoreAsync(KeyOf(key), Sequence(value), options, CancellationToken.None), longestWait, false);

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
        BoundedWait.For(StoreAsync(KeyOf(key), value, options, CancellationToken.None), longestWait, false);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        StoreAsync(KeyOf(key), Sequence(value), options, token);

    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        new(StoreAsync(KeyOf(key), value, options, token));

    public void Refresh(string key) => BoundedWait.For(RefreshCoreAsync(KeyOf(key), CancellationToken.None), longestWait, false);

    public Task RefreshAsync(string key, CancellationToken token = default) => RefreshCoreAsync(KeyOf(key), token);

    public void Remove(string key) => BoundedWait.For(cache.RemoveAsync(KeyOf(key)).AsTask(), longestWait, false);

    public Task RemoveAsync(string key, CancellationToken token = default) => cache.RemoveAsync(KeyOf(key), token).AsTask();

    private async ValueTask<ReadEntry> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var found = await cache.GetAsync(key, cancellationToken).ConfigureAwait(false);
        var bodyHash = found.Description.BodyHash;

        // The cache may have compressed it.
        var response = found.Decode();
        if (!DistributedEntry.TryRead(response.Body, out var expiration, out var value)
            || expiration.TimeToLiveAt(time.GetUtcNow()) is not { } timeToLive)
        {
            response.Dispose();
            return default;
        }

        if (expiration.Sliding is not null)
        {
            // Not waited for: the value is here, and a sign of life that is lost only ends the entry sooner.
            _ = ExtendAsync(key, SeenPart.Of(response.Body, DistributedEntry.LongestHeader, bodyHash), timeToLive).AsTask();
        }

        return new ReadEntry(response, value);
    }

    // Only the entry that was read: one that was written meanwhile may be meant to end sooner.
    private ValueTask<bool> ExtendAsync(string key, SeenPart seen, TimeSpan timeToLive) =>
        cache is ISlidingCache sliding ? sliding.ExtendAsync(key, seen, timeToLive) : cache.ExtendAsync(key, timeToLive);

    private async Task<bool> RefreshCoreAsync(string key, CancellationToken cancellationToken)
    {
        using var entry = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return entry.Exists;
    }

    private Task<bool> StoreAsync(
        string key, in ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var now = time.GetUtcNow();
        var expiration = EntryExpiration.Of(options, now, _defaultTimeToLive);

        // What is over before it began replaces what was there, by nothing.
        return expiration.TimeToLiveAt(now) is { } timeToLive
            ? StoreAsync(key, value, expiration, timeToLive, cancellationToken)
            : cache.RemoveAsync(key, cancellationToken).AsTask();
    }

    private Task<bool> StoreAsync(
        string key, in ReadOnlySequence<byte> value, in EntryExpiration expiration, TimeSpan timeToLive,
        CancellationToken cancellationToken)
    {
        var owner = MemoryPool<byte>.Shared.Rent(checked(DistributedEntry.LongestHeader + (int)value.Length));
        var length = DistributedEntry.Write(owner.Memory.Span, expiration, value);
        large?.Notice(length);
        return cache.SetAsync(
            key, new SourceResponse(owner.Memory[..length], owner), new CacheEntryOptions(timeToLive), cancellationToken).AsTask();
    }

    private string KeyOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ForeignKey.Make(_prefix, key);
    }

    private static ReadOnlySequence<byte> Sequence(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ReadOnlySequence<byte>(value);
    }

    private readonly struct ReadEntry(CachedResponse response, ReadOnlyMemory<byte> value) : IDisposable
    {
        public bool Exists => response.HasBody;

        public ReadOnlyMemory<byte> Value => value;

        public void Dispose() => response.Dispose();
    }
}
