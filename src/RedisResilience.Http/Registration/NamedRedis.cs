using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RedisResilience.Http.Registration;

/// <summary>What is true of the name of a Redis in the options of a client.</summary>
internal static class NamedRedis
{
    /// <summary>A name that no Redis has stops the start, and not the first request.</summary>
    public static void Check<TService>(ValidateOptionsResultBuilder result, IServiceProviderIsKeyedService services, string? name)
    {
        if (name is not null && !services.IsKeyedService(typeof(TService), name))
        {
            result.AddError($"is '{name}', and there is no Redis of that name: call AddRedisResilience(\"{name}\", ...)", "Redis");
        }
    }
}
