using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.OutputCaching;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.AspNetCore.Adapters;

/// <summary>
/// The store of output caching over the response cache. Without an answer from Redis, the endpoint runs at once, and no exception is
/// thrown.
/// </summary>
internal sealed class OutputCacheStoreAdapter(IResponseCache cache, LargeValues? large = null) : IOutputCacheBufferStore
{
    // Before keys and tags alike: the application may have tags of its own.
    private const string Prefix = "output:";

    // As many as the cache takes. An entry with more could not be evicted by all of them, and is not stored.
    private const int MostTags = 16;

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        using var entry = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return entry.HasBody ? entry.Body.ToArray() : null;
    }

    public async ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var entry = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (entry.HasBody)
        {
            await destination.WriteAsync(entry.Body, cancellationToken).ConfigureAwait(false);
        }

        return entry.HasBody;
    }

    public ValueTask SetAsync(string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        return StoreAsync(key, new SourceResponse(value), tags, validFor, cancellationToken);
    }

    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        // The caller's sequence is its own again when this call is over, which may be before it has left the process.
        var length = checked((int)value.Length);
        var owner = MemoryPool<byte>.Shared.Rent(length);
        value.CopyTo(owner.Memory.Span);
        return StoreAsync(key, new SourceResponse(owner.Memory[..length], owner), tags.Span, validFor, cancellationToken);
    }

    public async ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) =>
        await cache.RemoveByTagAsync(NameOf(tag), cancellationToken).ConfigureAwait(false);

    // The cache may have compressed it.
    private async ValueTask<CachedResponse> ReadAsync(string key, CancellationToken cancellationToken) =>
        (await cache.GetAsync(NameOf(key), cancellationToken).ConfigureAwait(false)).Decode();

    private ValueTask StoreAsync(
        string key, in SourceResponse response, ReadOnlySpan<string> tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        if (tags.Length > MostTags)
        {
            return default;
        }

        large?.Notice(response.Body.Length);
        var names = new string[tags.Length];
        for (var index = 0; index < names.Length; index++)
        {
            names[index] = NameOf(tags[index]);
        }

        return new ValueTask(cache.SetAsync(
            NameOf(key), response, new CacheEntryOptions(EntryLifetime.Limit(validFor)) { Tags = names }, cancellationToken).AsTask());
    }

    private static string NameOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RedisKeyLimits.ToKey(Prefix, text);
    }
}
