namespace RedisResilience.Caching.Reading;

/// <summary>Whether an entry is fresh, stale or of no use.</summary>
internal enum EntryState
{
    /// <summary>There is none, or none that can be read or is valid.</summary>
    Missing = 0,

    Fresh,

    /// <summary>Fresh, and it is time to have it refreshed.</summary>
    DueForRefresh,

    /// <summary>Stale: it may be served while a caller asks the source.</summary>
    Stale,

    /// <summary>Stale: it may be served only when the source fails.</summary>
    StaleIfError,

    /// <summary>The store does not say.</summary>
    Unknown,
}
