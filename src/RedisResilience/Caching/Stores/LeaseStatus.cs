namespace RedisResilience.Caching.Stores;

/// <summary>The outcome of a request for a lease.</summary>
internal enum LeaseStatus
{
    None = 0,
    Acquired = 1,

    /// <summary>Another caller has it.</summary>
    Held = 2,

    /// <summary>The entry is another than the one that was seen: there is something to read.</summary>
    Changed = 3,

    /// <summary>The source has failed a short while ago.</summary>
    Cooling = 4,
}
