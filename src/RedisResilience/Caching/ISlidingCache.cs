using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching;

/// <summary>A cache that prolongs an entry only while it is the one that was read.</summary>
internal interface ISlidingCache
{
    /// <summary>False when there is another entry by now, or none, and when the store does not say.</summary>
    ValueTask<bool> ExtendAsync(string key, SeenPart seen, TimeSpan timeToLive);
}
