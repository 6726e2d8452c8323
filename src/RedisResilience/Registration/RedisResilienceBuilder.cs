using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Registration;

/// <summary>The services and the name, and what was registered.</summary>
internal sealed record RedisResilienceBuilder(IServiceCollection Services, RedisRegistration Registration) : IRedisResilienceBuilder
{
    public string? Name => Registration.Name;
}
