using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>The answer of an <see cref="IPermitPool"/>.</summary>
[Experimental("RR0001")]
public enum PoolState
{
    /// <summary>Redis could not answer. Permits may have been taken.</summary>
    Unanswered = 0,

    /// <summary>The pool has no permits, or too few. Ask the durable count.</summary>
    Empty = 1,

    /// <summary>The permits were taken.</summary>
    Taken = 2,

    /// <summary>Neither the pool nor the durable count has permits.</summary>
    Exhausted = 3,
}
