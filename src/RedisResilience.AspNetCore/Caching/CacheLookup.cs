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

    /// <summary>
    /// Why the caller is known. Null for an anonymous caller. A known caller gets only responses that the endpoint has marked public
    /// (<see cref="KnownCallers"/>).
    /// </summary>
    public Reason? Known { get; private init; }

    /// <summary>Whether the stored response is fresh and yet not what the request wants.</summary>
    public bool IsAnew { get; private init; }

    /// <summary>How long a new entry is fresh.</summary>
    public TimeSpan TimeToLive { get; private init; }

    public static CacheLookup Begin(HttpContext context, CachedEndpoint? endpoint, TimeSpan defaultTimeToLive)
    {
        if (endpoint is null)
        {
            return default;
        }

        var known = KnownCallers.ReasonOf(context, endpoint);
        if (known is not null && (!endpoint.MaySayPublic || KnownCallers.IsYetToBeAuthorized(context)))
        {
            return new CacheLookup { Endpoint = endpoint, Bypass = known, Known = known };
        }

        return endpoint.Key.Of(new KeySource(context)) is { } key
            ? new CacheLookup { Endpoint = endpoint, Key = key, Known = known, TimeToLive = endpoint.Entry.TimeToLive ?? defaultTimeToLive }
            : new CacheLookup { Endpoint = endpoint, Bypass = IsUserMissing(context, endpoint) ? Reason.User : Reason.Key };
    }

    /// <summary>The same request's wish for another variant of the entry that was found.</summary>
    public CacheLookup For(string variant, string parent) => this with { Key = $"{Key}:+{variant}", Parent = parent };

    /// <summary>The same request, which the cache must not be asked about after all.</summary>
    public CacheLookup Without(Reason reason) => this with { Key = null, Bypass = reason };

    /// <summary>The same request, which wants a newer response than the stored one.</summary>
    public CacheLookup Anew() => this with { IsAnew = true };

    private static bool IsUserMissing(HttpContext context, CachedEndpoint endpoint) =>
        endpoint.Entry.Key.User is { } user && string.IsNullOrEmpty(user(context));
}
