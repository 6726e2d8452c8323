namespace RedisResilience.Caching.Stores;

/// <summary>The outcome of a request for a lease.</summary>
internal enum LeaseStatus
{
    None = 0,
    Acquired = 1,

    /// <summary>Another caller has it.</summary>
    Held = 2,

    /// <summary>The entry has changed since it was seen, so the caller should read it.</summary>
    Changed = 3,

    /// <summary>The source has failed a short while ago.</summary>
    Cooling = 4,
}
