namespace RedisResilience.Http.Caching.Reuse;

/// <summary>What the cache does with a request.</summary>
internal enum ReuseDecision
{
    /// <summary>It asks the origin, because no stored response may be served.</summary>
    Ask,

    /// <summary>It serves the stored response.</summary>
    Serve,

    /// <summary>It serves the stored response, and refreshes it in the background.</summary>
    ServeAndRefresh,
}
