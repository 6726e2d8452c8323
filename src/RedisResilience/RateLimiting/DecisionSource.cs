namespace RedisResilience.RateLimiting;

/// <summary>Who made a <see cref="RateLimitDecision"/>.</summary>
public enum DecisionSource
{
    /// <summary>Nobody: no Redis is configured, and every call is allowed.</summary>
    None = 0,

    /// <summary>Redis, by the count that all processes share.</summary>
    Redis = 1,

    /// <summary>This process, from what it knows for certain.</summary>
    Local = 2,

    /// <summary>The limit's <see cref="FailurePolicy"/>, because Redis could not answer.</summary>
    FailurePolicy = 3,

    /// <summary>A count that survives Redis, such as a quota in a database.</summary>
    DurableCount = 4,
}
