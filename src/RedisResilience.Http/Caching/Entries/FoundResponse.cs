using RedisResilience.Caching;

namespace RedisResilience.Http.Caching.Entries;

/// <summary>What was found for a request. Disposed once it has been served, or is not to be.</summary>
/// <param name="Key">Where it stands, or is to stand.</param>
/// <param name="Lineage">That of the responses under this URI; 0 when there is none yet.</param>
/// <param name="Names">The fields that the responses under this URI vary by.</param>
internal sealed record FoundResponse(string Key, ulong Lineage, IReadOnlyList<string> Names) : IDisposable
{
    private CachedResponse _cached;

    /// <summary>The response; null when there is none for this request.</summary>
    public StoredResponse? Response { get; private init; }

    /// <summary>How old it is.</summary>
    public TimeSpan Age { get; private init; }

    /// <summary>Whether something stands under the key that the cache itself takes to be fresh: before it can be filled anew it must be
    /// removed.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether Redis did not say what it has.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>How long it is still fresh; negative when it is stale.</summary>
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

    /// <summary>The same in memory of its own, which is served after this has been disposed.</summary>
    public FoundResponse Detached() => this with { _cached = default, Response = Response?.Detached() };

    /// <summary>The same as its origin has confirmed it, in memory of its own.</summary>
    public FoundResponse Confirmed(StoredResponse response) =>
        this with { _cached = default, Response = response.Detached(), Age = response.Policy.AgeWhenStored };

    public void Dispose() => _cached.Dispose();
}
