using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What one request wants of the cache: an entry by its key, or nothing, for a reason.</summary>
internal readonly struct CacheLookup
{
    /// <summary>The endpoint; null when it is not cached at all.</summary>
    public CachedEndpoint? Endpoint { get; private init; }

    /// <summary>What the endpoint said; there is one when it is cached.</summary>
    public CacheResponseMetadata Entry => Endpoint!.Entry;

    /// <summary>The entry's key; null when the cache must not be asked.</summary>
    public string? Key { get; private init; }

    /// <summary>The entry that this one is a variant of: it is void when that one is another.</summary>
    public string? Parent { get; private init; }

    /// <summary>Why the cache must not be asked.</summary>
    public Reason? Bypass { get; private init; }

    /// <summary>How long a new entry is fresh.</summary>
    public TimeSpan TimeToLive { get; private init; }

    public static CacheLookup Begin(HttpContext context, CachedEndpoint? endpoint, TimeSpan defaultTimeToLive)
    {
        if (endpoint is null)
        {
            return default;
        }

        if (RequestRules.BypassOf(context, endpoint.Entry) is { } reason)
        {
            return new CacheLookup { Endpoint = endpoint, Bypass = reason };
        }

        return endpoint.Key.Of(new KeySource(context)) is { } key
            ? new CacheLookup { Endpoint = endpoint, Key = key, TimeToLive = endpoint.Entry.TimeToLive ?? defaultTimeToLive }
            : new CacheLookup { Endpoint = endpoint, Bypass = IsUserMissing(context, endpoint) ? Reason.User : Reason.Key };
    }

    /// <summary>The same request's wish for another variant of the entry that was found.</summary>
    public CacheLookup For(string variant, string parent) => this with { Key = $"{Key}:+{variant}", Parent = parent };

    private static bool IsUserMissing(HttpContext context, CachedEndpoint endpoint) =>
        endpoint.Entry.Key.User is { } user && string.IsNullOrEmpty(user(context));
}
