using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Filling;

/// <summary>The answer of the source, and whether it was stored.</summary>
/// <param name="Response">The source's answer.</param>
/// <param name="IsStored">Whether it has been sent to be stored.</param>
/// <param name="TimeToLive">How long it is fresh.</param>
/// <param name="IsOutdated">Whether one of its tags may have been removed since the load began.</param>
internal readonly record struct LoadResult(SourceResponse Response, bool IsStored, TimeSpan TimeToLive, bool IsOutdated)
{
    private readonly ResponseDescription? _description = Response.Describe();

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
