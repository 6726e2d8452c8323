namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What the permits of a limit count: the <c>qu</c> of the <c>RateLimit-Policy</c> field.</summary>
public enum QuotaUnit
{
    /// <summary>
    /// Requests: the field says nothing. A concurrency limit's permits are requests at the same time, and its field says that.
    /// </summary>
    Requests = 0,

    /// <summary>Bytes of content: right where <see cref="RateLimitPolicy.Cost"/> gives a length.</summary>
    ContentBytes = 1,
}
