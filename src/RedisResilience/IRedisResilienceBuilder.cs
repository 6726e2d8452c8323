using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience;

/// <summary>What <c>AddRedisResilience</c> has added for one Redis, and where the other packages add to it.</summary>
public interface IRedisResilienceBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The key of its services and the name of its options. Null for the Redis that has no name.</summary>
    string? Name { get; }
}
