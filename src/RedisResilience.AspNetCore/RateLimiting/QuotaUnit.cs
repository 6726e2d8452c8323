namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What the permits of a limit count: the parameter <c>qu</c> of the <c>RateLimit-Policy</c> field.</summary>
public enum QuotaUnit
{
    /// <summary>
    /// Requests. The field then has no <c>qu</c>, except for a concurrency limit, whose permits are concurrent requests.
    /// </summary>
    Requests = 0,

    /// <summary>Bytes of content. Use it when <see cref="RateLimitPolicy.Cost"/> returns a length.</summary>
    ContentBytes = 1,
}
