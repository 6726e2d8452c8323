using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What an endpoint, or a group around it, has said about caching its responses.</summary>
internal sealed class CacheResponseMetadata(CacheKeyRecipe key, CacheEntryOptions options, TimeSpan? timeToLive) : ICacheResponseMetadata
{
    private CacheEntryOptions _options = options;

    /// <summary>What the keys are made of.</summary>
    public CacheKeyRecipe Key { get; } = key;

    /// <summary>How long an entry is fresh; null for the default.</summary>
    public TimeSpan? TimeToLive { get; } = timeToLive;

    public TimeSpan StaleWhileRevalidate { get; } = options.StaleWhileRevalidate;

    public TimeSpan StaleIfError { get; } = options.StaleIfError;

    /// <summary>The statuses beside 200 that are stored, and for how long.</summary>
    public IReadOnlyDictionary<int, TimeSpan> Statuses { get; init; } = new Dictionary<int, TimeSpan>();

    /// <summary>The name of the Redis that keeps the entries; null: that of the endpoints.</summary>
    public string? Redis { get; init; }

    public EntryTags Tags { get; init; } = EntryTags.None;

    /// <summary>Whether requests with credentials are given what everybody is given.</summary>
    public bool IsForAllUsers { get; init; }

    /// <summary>Whether the key names the user, so that an entry is given to nobody else.</summary>
    public bool IsPerUser { get; } = key.User is not null;

    /// <summary>Which fields of the response are stored.</summary>
    public StoredHeaders Headers { get; init; } = StoredHeaders.Default;

    /// <summary>Whether <c>Cache-Control</c> is written where the endpoint does not do so.</summary>
    public bool AnnouncesFreshness { get; init; }

    /// <summary>Whether a successful request of an unsafe method leaves what is stored as it is.</summary>
    public bool KeepsOnUnsafeMethods { get; init; }

    /// <summary>Fields of responses that are heard as <c>CDN-Cache-Control</c> is.</summary>
    public string[] TargetedFields { get; init; } = [];

    /// <summary>Says whose requests' directives are heard; null: nobody's.</summary>
    public Func<HttpContext, bool>? HearsRequest { get; init; }

    CacheResponseMetadata ICacheResponseMetadata.Metadata => this;

    /// <summary>How the entry of a request is kept.</summary>
    public CacheEntryOptions OptionsFor(TimeSpan timeToLive)
    {
        var options = Volatile.Read(ref _options);
        if (options.TimeToLive != timeToLive)
        {
            Volatile.Write(ref _options, options = options with { TimeToLive = timeToLive });
        }

        return options;
    }
}
