using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Filling;

/// <summary>The answer of the source, and whether it was stored.</summary>
/// <param name="Response">The source's answer.</param>
/// <param name="IsStored">Whether it has been sent to be stored.</param>
/// <param name="TimeToLive">How long it is fresh.</param>
/// <param name="IsOutdated">Whether one of its tags may have been removed since the load began. Null when it was not asked, or there was no
/// answer.</param>
internal readonly record struct LoadResult(SourceResponse Response, bool IsStored, TimeSpan TimeToLive, bool? IsOutdated)
{
    private readonly ResponseDescription? _description = Response.Describe();

    /// <summary>Whether it may be older than a removal that a caller knows of. Who came before the load knows of none that the load does
    /// not respect; and nobody joins a load without a look at the tags of its options.</summary>
    public bool MayBeOld(bool cameBefore) => IsOutdated ?? (!cameBefore && Response.Tags is { Count: > 0 });

    /// <summary>The response for one caller, with its own hold on the buffer.</summary>
    public CachedResponse ToResponse(CacheOutcome outcome, IDisposable? owner)
    {
        if (!Response.HasBody)
        {
            return Response.IsNotShared ? default : CachedResponse.Nothing(outcome) with { IsStored = IsStored };
        }

        return CachedResponse.Created(Response.Body, owner) with
        {
            Outcome = outcome,
            IsStored = IsStored,
            TimeToLive = IsStored ? TimeToLive : null,
            Age = TimeSpan.Zero,
            Description = _description,
        };
    }
}
