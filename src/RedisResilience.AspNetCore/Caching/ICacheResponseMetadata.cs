namespace RedisResilience.AspNetCore.Caching;

/// <summary>Whatever says at an endpoint how its responses are cached: a builder or an attribute.</summary>
internal interface ICacheResponseMetadata
{
    CacheResponseMetadata Metadata { get; }
}
