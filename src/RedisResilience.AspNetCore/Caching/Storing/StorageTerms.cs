using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Under which terms an endpoint is run: as the cache's source, or for its own request alone.</summary>
/// <param name="Lookup">What the request wants of the cache.</param>
/// <param name="IsStoring">Whether the response is stored if it may be.</param>
/// <param name="IsRefresh">Whether there is an older one.</param>
internal readonly record struct StorageTerms(CacheLookup Lookup, bool IsStoring, bool IsRefresh)
{
    /// <summary>Whether the stored one is fresh, and the request wants a newer one.</summary>
    public bool IsAnew { get; init; }

    /// <summary>Remembers what was decided of a response, for the requests after it.</summary>
    /// <param name="refusal">Why it is not stored; null if it is.</param>
    /// <param name="uncacheable">Keys for whose responses nobody waits.</param>
    public void Learn(Reason? refusal, UncacheableKeys uncacheable)
    {
        if (refusal is { Lasts: false })
        {
            return;
        }

        if (Lookup.Known is not null)
        {
            // What a caller who is known is answered says nothing of the others.
            Lookup.Endpoint!.HasSaid(isPublic: refusal is null);
        }
        else if (refusal is not null)
        {
            uncacheable.Add(Lookup.Key!);
        }
    }

    /// <summary>Says what becomes of a response that is not stored.</summary>
    public string Describe(Reason reason) => IsAnew ? reason.Request : CacheStatus.NotStored(reason, IsRefresh);
}
