using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching.Bulk;

/// <summary>A cache that tells a caller of many keys which of them it waits for, and bounds its one question as one load.</summary>
internal interface IBatchingCache
{
    /// <summary>Bounds the loads of the source.</summary>
    SourceGate Gate { get; }

    TimeProvider TimeProvider { get; }

    ValueTask<CachedResponse> GetOrCreateAsync(string key, SourceCall call, CancellationToken cancellationToken);
}
