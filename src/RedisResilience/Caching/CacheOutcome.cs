namespace RedisResilience.Caching;

/// <summary>Where a response came from.</summary>
public enum CacheOutcome
{
    /// <summary>A miss: the cache has no entry.</summary>
    Miss = 0,

    /// <summary>A hit: the entry was in the cache and fresh.</summary>
    Hit = 1,

    /// <summary>
    /// A stale hit: the entry is older than its time to live. It is served while another caller asks the source, or because the source has
    /// failed.
    /// </summary>
    Stale = 2,

    /// <summary>Another caller has asked the source, and this caller has waited for that answer.</summary>
    Collapsed = 3,

    /// <summary>This caller has asked the source.</summary>
    Created = 4,

    /// <summary>A miss because Redis has not answered in time, or is known to be away. The cache may have an entry.</summary>
    Unavailable = 5,

    /// <summary>A miss: the cache has an entry that is no longer fresh, and the caller did not ask for stale ones.</summary>
    Expired = 6,
}
