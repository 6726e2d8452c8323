using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What an endpoint, or a group around it, has said about caching its responses.</summary>
internal sealed class CacheResponseMetadata(CacheKeyRecipe key, TimeSpan? timeToLive)
{
    private CacheEntryOptions? _options;

    /// <summary>Names the entry of a request.</summary>
    public CacheKeyRecipe Key { get; } = key;

    /// <summary>How long an entry is fresh; null for the default.</summary>
    public TimeSpan? TimeToLive { get; } = timeToLive;

    public TimeSpan? StaleWhileRevalidate { get; init; }

    public TimeSpan? StaleIfError { get; init; }

    /// <summary>The statuses beside 200 that are stored, and for how long.</summary>
    public IReadOnlyDictionary<int, TimeSpan> Statuses { get; init; } = new Dictionary<int, TimeSpan>();

    public EntryTags Tags { get; init; } = EntryTags.None;

    /// <summary>Whether requests with credentials are given what everybody is given.</summary>
    public bool IsForAllUsers { get; init; }

    /// <summary>Whether the key names the user, so that an entry is given to nobody else.</summary>
    public bool IsPerUser { get; } = key.User is not null;

    /// <summary>The fields that are stored, in lower case.</summary>
    public string[] StoredHeaders { get; init; } = Storing.StoredHeaders.Default;

    /// <summary>Whether <c>Cache-Control</c> is written where the endpoint does not do so.</summary>
    public bool AnnouncesFreshness { get; init; }

    /// <summary>How the entry of a request is kept; null when the request cannot be given the tags.</summary>
    public CacheEntryOptions? OptionsFor(HttpContext context, TimeSpan timeToLive)
    {
        var options = Volatile.Read(ref _options);
        if (options?.TimeToLive != timeToLive)
        {
            // In the foreground: a request's context must not be used when the request is over.
            Volatile.Write(ref _options, options = new CacheEntryOptions(timeToLive)
            {
                StaleWhileRevalidate = StaleWhileRevalidate ?? TimeSpan.Zero,
                StaleIfError = StaleIfError ?? TimeSpan.Zero,
                RefreshInForeground = true,
            });
        }

        return Tags.IsEmpty ? options : Tags.Of(context) is { } tags ? options with { Tags = tags } : null;
    }

    /// <summary>Whether the key has a field of the request, so that a response may vary by it.</summary>
    public bool VariesBy(ReadOnlySpan<char> field)
    {
        foreach (var name in Key.HeaderNames)
        {
            if (field.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The <c>Vary</c> field: the same on every response, whichever of the entries it is; null for none.</summary>
    public string? Vary { get; } = key.HeaderNames.Length == 0 ? null : string.Join(", ", key.HeaderNames);
}
