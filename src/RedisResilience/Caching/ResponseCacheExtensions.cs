using System.Runtime.CompilerServices;
using RedisResilience.Caching.Bulk;
using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Short overloads that take a body and a time to live.</summary>
public static class ResponseCacheExtensions
{
    /// <summary>Stores a body (<c>SET</c> with <c>PX</c>) and replaces the key's old entry.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="body">The bytes; they must not change until the call has completed with true.</param>
    /// <param name="timeToLive">How long the entry lives: 1 ms to 365 days.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be stored all the same.</param>
    /// <returns>Whether Redis has acknowledged the entry, as for <see cref="IResponseCache.SetAsync"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="cache"/> or <paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ValueTask<bool> SetAsync(
        this IResponseCache cache, string key, ReadOnlyMemory<byte> body, TimeSpan timeToLive, CancellationToken cancellationToken =
            default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        return cache.SetAsync(key, new SourceResponse(body), new CacheEntryOptions(timeToLive), cancellationToken);
    }

    /// <summary>Reads a body. If there is none, asks the source and stores its answer.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="timeToLive">How long a new entry lives: 1 ms to 365 days.</param>
    /// <param name="state">Handed to <paramref name="source"/>, so that it can be static and allocate nothing.</param>
    /// <param name="source">
    /// Called on a miss, for all callers who wait. Null means that the source has nothing, and nothing is stored. (A null <c>byte[]</c> is
    /// not that null: the compiler turns it into an empty body.) The bytes must not change afterwards: they may still be on their way to
    /// Redis.
    /// </param>
    /// <param name="cancellationToken">Ends this caller's wait, and nobody else's.</param>
    /// <returns>The response, as for <see cref="IResponseCache.GetOrCreateAsync"/>.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="cache"/>, <paramref name="key"/> or <paramref name="source"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    /// <exception cref="SourceOverloadedException">Too many loads are under way.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        this IResponseCache cache,
        string key,
        TimeSpan timeToLive,
        TState state,
        Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        ArgumentNullException.ThrowIfNull(source);
        return cache.GetOrCreateAsync(
            key,
            new CacheEntryOptions(timeToLive),
            (source, state),
            static (pair, token) => LoadAsync(pair.source(pair.state, token)),
            cancellationToken);
    }

    /// <summary>
    /// Reads many responses in one round trip to each server that has some of them, and asks the source once for all that are missing. Each
    /// entry is kept and fenced as with <see cref="IResponseCache.GetOrCreateAsync"/>. The source is not asked for entries that other
    /// callers are loading, unless those loads give nothing.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="keys">The entries' keys.</param>
    /// <param name="options">
    /// How the entries are kept and filled. The call of the source counts as one load
    /// (<see cref="RedisResilienceOptions.MaximumConcurrentLoads"/>).
    /// </param>
    /// <param name="state">Handed to <paramref name="source"/>.</param>
    /// <param name="source">
    /// Returns the responses that it has for the keys, each once. If a key has no response, the source does not have it. The source
    /// is called again for keys whose load by another caller gave nothing, and in the background for stale entries. Its token is cancelled
    /// when nobody waits for any of the keys. If it throws, stale entries are served; without them the exception passes through.
    /// </param>
    /// <param name="cancellationToken">Ends this caller's wait, and nobody else's.</param>
    /// <returns>A response for each key, in the order of the keys. Dispose each after use.</returns>
    /// <exception cref="ArgumentNullException">An argument or a key is null.</exception>
    /// <exception cref="ArgumentException">A key is empty, too long, or not clean text.</exception>
    /// <exception cref="SourceOverloadedException">Too many loads are under way.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ValueTask<IReadOnlyList<CachedResponse>> GetOrCreateManyAsync<TState>(
        this IResponseCache cache,
        IReadOnlyList<string> keys,
        CacheEntryOptions options,
        TState state,
        Func<TState, IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, SourceResponse>>> source,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        KeyRules.ValidateAll(keys);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        return BulkGetOrCreateOperation.RunAsync(cache, keys, options, state, source, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<SourceResponse> LoadAsync(ValueTask<ReadOnlyMemory<byte>?> load) =>
        await load.ConfigureAwait(false) is { } body ? new SourceResponse(body) : SourceResponse.Nothing;
}
