using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what rate-limited and cached endpoints need.</summary>
public static class RedisResilienceHttpServiceCollectionExtensions
{
    /// <summary>Adds the HTTP side of RedisResilience. The core comes from <c>AddRedisResilience</c>, the middleware from <c>UseRedisResilience</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddRedisResilienceHttp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton<HttpPipeline>();
        services.TryAddSingleton<LivePolicies>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceHttpOptions>, RedisResilienceHttpOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Transient<IStartupFilter, EndpointCheck>());
        return services;
    }

    /// <summary>Adds the HTTP side of RedisResilience with options set in code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the default policy and adds others.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddRedisResilienceHttp(this IServiceCollection services, Action<RedisResilienceHttpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddRedisResilienceHttp().Configure(configure);
    }

    /// <summary>Adds the HTTP side of RedisResilience with the default policy of a configuration section, which may change at run time.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">
    /// Holds <c>Permits</c>, <c>Window</c> and <c>TimeToLive</c> (or its alias <c>Ttl</c>); see <see cref="RedisResilienceHttpOptions"/>.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddRedisResilienceHttp(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<RedisResilienceHttpOptions>()
            .Configure(options => options.TimeToLive = section.GetValue("Ttl", options.TimeToLive))
            .Bind(section);
        return services.AddRedisResilienceHttp();
    }
}
