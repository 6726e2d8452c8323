using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching;

/// <summary>A cache that prolongs an entry only while it is the one that was read.</summary>
internal interface ISlidingCache
{
    /// <summary>False when the entry was replaced or removed, and when the store did not answer.</summary>
    ValueTask<bool> ExtendAsync(string key, SeenPart seen, TimeSpan timeToLive);
}
