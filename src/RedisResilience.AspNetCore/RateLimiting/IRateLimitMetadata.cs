namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Says at an endpoint which rate limits apply. Extension methods and attributes implement it.</summary>
internal interface IRateLimitMetadata
{
    RateLimitMetadata Metadata { get; }
}
