namespace RedisResilience.Http.Caching.Reuse;

/// <summary>What is to be done about a request.</summary>
internal enum ReuseDecision
{
    /// <summary>Its origin is asked: there is nothing, or nothing that may be served.</summary>
    Ask,

    /// <summary>What there is is served.</summary>
    Serve,

    /// <summary>What there is is served, and its origin asked in the background.</summary>
    ServeAndRefresh,
}
