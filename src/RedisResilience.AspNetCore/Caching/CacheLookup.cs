using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What one request wants of the cache: an entry by its key, or nothing, for a reason.</summary>
internal readonly struct CacheLookup
{
    /// <summary>What the endpoint said; null when it is not cached at all.</summary>
    public CacheResponseMetadata? Entry { get; private init; }

    /// <summary>The entry's key; null when the cache must not be asked.</summary>
    public string? Key { get; private init; }

    /// <summary>Why the cache must not be asked, as a Cache-Status value.</summary>
    public string? Bypass { get; private init; }

    /// <summary>How long a new entry is fresh.</summary>
    public TimeSpan TimeToLive { get; private init; }

    public static CacheLookup Begin(HttpContext context, CacheResponseMetadata? entry, TimeSpan defaultTimeToLive)
    {
        if (entry is null)
        {
            return default;
        }

        if (!entry.IsForAllUsers && !entry.IsPerUser && CallerIdentity.BypassOf(context) is { } bypass)
        {
            return new CacheLookup { Entry = entry, Bypass = bypass };
        }

        return entry.Key.KeyOf(context) is { } key
            ? new CacheLookup { Entry = entry, Key = key, TimeToLive = entry.TimeToLive ?? defaultTimeToLive }
            : new CacheLookup { Entry = entry, Bypass = CacheStatus.BypassKey };
    }
}
