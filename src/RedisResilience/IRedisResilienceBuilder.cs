using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience;

/// <summary>The services of one Redis, as <c>AddRedisResilience</c> returns them. The other packages add their parts to it.</summary>
public interface IRedisResilienceBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The key of its services and the name of its options. Null for the Redis that has no name.</summary>
    string? Name { get; }
}
