namespace RedisResilience.Caching;

/// <summary>How a response was got.</summary>
public enum CacheOutcome
{
    /// <summary>It was not: the cache has none.</summary>
    Miss = 0,

    /// <summary>It was in the cache and fresh.</summary>
    Hit = 1,

    /// <summary>It was in the cache and older than its time to live: served while somebody asks the source, or because the source has
    /// failed.</summary>
    Stale = 2,

    /// <summary>The source was asked for it by another caller, who began after this one or whose load still stood; this one
    /// waited.</summary>
    Collapsed = 3,

    /// <summary>The source was asked for it by this caller.</summary>
    Created = 4,

    /// <summary>It was not: Redis has not answered in time, or is known not to. Whether the cache has one, nobody knows.</summary>
    Unavailable = 5,

    /// <summary>It was not: what the cache has is no longer fresh, and was not asked for all the same.</summary>
    Expired = 6,
}
