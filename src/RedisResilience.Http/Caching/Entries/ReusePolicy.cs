namespace RedisResilience.Http.Caching.Entries;

/// <summary>What a stored response says about its reuse.</summary>
/// <param name="Lifetime">How long it is fresh, from the time at which its origin made it.</param>
/// <param name="AgeWhenStored">How old it was when it was stored.</param>
/// <param name="NoCache">Whether it must be revalidated before each use.</param>
/// <param name="ForbidsStale">Whether it is never served stale.</param>
/// <param name="IsImmutable">Whether it does not change while it is fresh.</param>
internal readonly record struct ReusePolicy(TimeSpan Lifetime, TimeSpan AgeWhenStored, bool NoCache, bool ForbidsStale, bool IsImmutable)
{
    /// <summary>Null: it does not say.</summary>
    public TimeSpan? StaleWhileRevalidate { get; init; }

    /// <summary>Null: it does not say.</summary>
    public TimeSpan? StaleIfError { get; init; }
}
