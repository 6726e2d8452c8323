using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Registration;

/// <summary>The services and the name, and no more.</summary>
internal sealed record RedisResilienceBuilder(IServiceCollection Services, string? Name) : IRedisResilienceBuilder;
