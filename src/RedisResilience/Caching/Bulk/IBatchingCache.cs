using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching.Bulk;

/// <summary>
/// A cache that tells a bulk call which of its keys wait for other callers, and that counts the one call of the source as one load.
/// </summary>
internal interface IBatchingCache
{
    /// <summary>Bounds the loads of the source.</summary>
    SourceGate Gate { get; }

    TimeProvider TimeProvider { get; }

    ValueTask<CachedResponse> GetOrCreateAsync(string key, SourceCall call, CancellationToken cancellationToken);
}
