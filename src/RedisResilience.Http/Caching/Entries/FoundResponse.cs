using RedisResilience.Caching;

namespace RedisResilience.Http.Caching.Entries;

/// <summary>The result of a lookup. It is disposed after it was served, or when it is not served.</summary>
/// <param name="Key">The key of the response, or the key to store it under.</param>
/// <param name="Lineage">The number that all variants of the URI share. 0 without a variant.</param>
/// <param name="Names">The fields that the variants of the URI vary by.</param>
internal sealed record FoundResponse(string Key, ulong Lineage, IReadOnlyList<string> Names) : IDisposable
{
    private CachedResponse _cached;

    /// <summary>The response. Null if there is none for this request.</summary>
    public StoredResponse? Response { get; private init; }

    /// <summary>How old it is.</summary>
    public TimeSpan Age { get; private init; }

    /// <summary>Whether the key has an entry that is fresh for the cache. Such an entry must be removed before the key can be filled again.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether Redis has not answered.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>How long it is still fresh. Negative if it is stale.</summary>
    public TimeSpan Left => Response is { } response ? response.Policy.Lifetime - Age : TimeSpan.Zero;

    public static FoundResponse Of(string key, StoredResponse response, in CachedResponse cached, DateTimeOffset now)
    {
        var sinceStored = cached.Age ?? now - response.StoredAt;
        return new FoundResponse(key, response.Lineage, response.VaryNames)
        {
            _cached = cached,
            Response = response,
            Age = response.Policy.AgeWhenStored + (sinceStored > TimeSpan.Zero ? sinceStored : TimeSpan.Zero),
            IsHeld = !cached.IsStale,
        };
    }

    /// <summary>A copy with its own memory, which can be served after this one was disposed.</summary>
    public FoundResponse Detached() => this with { _cached = default, Response = Response?.Detached() };

    /// <summary>A copy with its own memory, with the fields that the origin has confirmed.</summary>
    public FoundResponse Confirmed(StoredResponse response) =>
        this with { _cached = default, Response = response.Detached(), Age = response.Policy.AgeWhenStored };

    public void Dispose() => _cached.Dispose();
}
