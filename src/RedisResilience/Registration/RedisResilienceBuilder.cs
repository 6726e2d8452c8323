using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Registration;

/// <summary>The builder that <c>AddRedisResilience</c> returns.</summary>
internal sealed record RedisResilienceBuilder(IServiceCollection Services, RedisRegistration Registration) : IRedisResilienceBuilder
{
    public string? Name => Registration.Name;
}
