using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.RateLimiting;

/// <summary>Who made a <see cref="RateLimitDecision"/>.</summary>
[SuppressMessage("Design", "CA1028:Enum storage should be Int32", Justification = "A decision is copied several times on its way to the "
    + "caller: each byte of it counts in one that needs no Redis.")]
public enum DecisionSource : byte
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
