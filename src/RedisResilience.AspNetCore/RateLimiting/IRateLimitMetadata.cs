namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Whatever says at an endpoint which rate limits hold: an extension or an attribute.</summary>
internal interface IRateLimitMetadata
{
    RateLimitMetadata Metadata { get; }
}
