using RedisResilience.Caching.Bulk;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching;

/// <summary>The cache in one process, without Redis: for unit tests, and for applications that run on one node only.</summary>
/// <remarks>
/// It has the same contract and runs the same code as the cache over Redis. Its size in bytes is bounded, and the least recently used entry
/// is evicted first. Its time comes from a <see cref="TimeProvider"/>, so a test can advance it.
/// </remarks>
public sealed class InMemoryResponseCache : IResponseCache, IBatchingCache, ISlidingCache
{
    private const long DefaultMaximumSize = 64 * 1024 * 1024;

    private readonly ResponseCache _cache;

    /// <summary>A cache of at most 64 MB on the system's clock.</summary>
    public InMemoryResponseCache()
        : this(TimeProvider.System)
    {
    }

    /// <summary>A cache.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="maximumSize">About how many bytes of keys and entries it holds. Default: 64 MB.</param>
    /// <param name="options">The bounds of the cache. Options that concern Redis have no effect. Default: as for Redis.</param>
    /// <exception cref="ArgumentNullException"><paramref name="timeProvider"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumSize"/> is not positive.</exception>
    public InMemoryResponseCache(TimeProvider timeProvider, long maximumSize = DefaultMaximumSize, RedisResilienceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumSize);

        // Nobody else changes the versions, so that asking costs nothing and is exact.
        var bounds = new RedisResilienceOptions
        {
            MaximumVersionAge = TimeSpan.Zero,
            MaximumEntrySize = options?.MaximumEntrySize ?? new RedisResilienceOptions().MaximumEntrySize,
            MaximumConcurrentLoads = options?.MaximumConcurrentLoads ?? new RedisResilienceOptions().MaximumConcurrentLoads,
            MaximumQueuedLoads = options?.MaximumQueuedLoads ?? new RedisResilienceOptions().MaximumQueuedLoads,
            CompressionThreshold = options?.CompressionThreshold,
            CompressionLevel = options?.CompressionLevel ?? new RedisResilienceOptions().CompressionLevel,
            MaximumStoredKeys = options?.MaximumStoredKeys ?? new RedisResilienceOptions().MaximumStoredKeys,
        };
        var store = new InMemoryEntryStore(timeProvider, maximumSize);
        _cache = new ResponseCache(new ResponseCacheParts(store, store, bounds, timeProvider));
    }

    SourceGate IBatchingCache.Gate => _cache.Gate;

    TimeProvider IBatchingCache.TimeProvider => _cache.TimeProvider;

    ValueTask<CachedResponse> IBatchingCache.GetOrCreateAsync(string key, SourceCall call, CancellationToken cancellationToken) =>
        _cache.GetOrCreateAsync(key, call, cancellationToken);

    ValueTask<bool> ISlidingCache.ExtendAsync(string key, SeenPart seen, TimeSpan timeToLive) =>
        _cache.ExtendAsync(key, seen, timeToLive);

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default) =>
        _cache.GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default) =>
        _cache.GetWithTimeToLiveAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken = default) =>
        _cache.GetStaleAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(
        IReadOnlyList<string> keys, CancellationToken cancellationToken = default) =>
        _cache.GetManyAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(
        string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default) =>
        _cache.SetAsync(key, response, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        _cache.ExtendAsync(key, timeToLive, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        _cache.RemoveAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        _cache.RemoveByTagAsync(tag, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default) =>
        _cache.RemoveNamespaceAsync(name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ClearAsync(CancellationToken cancellationToken = default) => _cache.ClearAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        CacheEntryOptions options,
        TState state,
        Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken = default) => _cache.GetOrCreateAsync(key, options, state, source, cancellationToken);
}
