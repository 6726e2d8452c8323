using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>The answer of an <see cref="IPermitPool"/>.</summary>
[Experimental("RR0001")]
public enum PoolState
{
    /// <summary>Redis could not answer. Permits may have been taken.</summary>
    Unanswered = 0,

    /// <summary>There are none, or too few: the durable count is to be asked.</summary>
    Empty = 1,

    /// <summary>The permits were taken.</summary>
    Taken = 2,

    /// <summary>There are none, and the durable count has none either.</summary>
    Exhausted = 3,
}
