using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Invalidation;
using RedisResilience.AspNetCore.Failures;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what rate-limited and cached endpoints need.</summary>
public static class RedisResilienceHttpBuilderExtensions
{
    /// <summary>Adds the HTTP side of RedisResilience. The middleware comes from <c>UseRedisResilience</c>.</summary>
    /// <remarks>
    /// Where the application uses <c>UseExceptionHandler</c>, a source of truth that does not answer (<see cref="ISourceFailures"/>) and a
    /// load that was not
    /// begun (<see cref="SourceOverloadedException"/>) are 503 with <c>Retry-After</c>, and not logged as errors of the application.
    /// </remarks>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IRedisResilienceBuilder AddHttp(this IRedisResilienceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton<HttpPipeline>();
        services.TryAddSingleton<LivePolicies>();
        services.TryAddSingleton(provider => new CachedEndpoints(provider.GetService<EndpointDataSource>()));
        services.TryAddSingleton<IResponseCacheInvalidator>(provider =>
            new ResponseCacheInvalidator(provider.GetRequiredService<CachedEndpoints>(), provider.GetRequiredService<IResponseCache>()));
        services.TryAddSingleton<IEndpointOverview, EndpointOverview>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceHttpOptions>, RedisResilienceHttpOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, SourceFailureHandler>());
        if (!services.Any(service => !service.IsKeyedService && service.ImplementationType == typeof(EndpointCheck)))
        {
            // Before the filters of others: what they set as a response starts is heard too.
            services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, EndpointCheck>());
        }

        return builder;
    }

    /// <summary>Adds the HTTP side of RedisResilience with options set in code.</summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="configure">Sets the default policy and adds others.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IRedisResilienceBuilder AddHttp(this IRedisResilienceBuilder builder, Action<RedisResilienceHttpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddHttp().Services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Adds the HTTP side of RedisResilience with the options and policies of a configuration section, which may change at run time.
    /// </summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="section">
    /// Holds the options of <see cref="RedisResilienceHttpOptions"/> by their names; <c>Ttl</c> is an alias of <c>TimeToLive</c>. It may be
    /// the section of the core as well. A name that no option has, and a value that it cannot have, is an error that says what there is.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IRedisResilienceBuilder AddHttp(this IRedisResilienceBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        var options = builder.Services.AddOptions<RedisResilienceHttpOptions>();
        if (section is IConfigurationSection { Path: var path })
        {
            // The core refuses names that nobody reads there.
            builder.Services.AddKeyedSingleton<string[]>(HttpSection.KeyOf(path), HttpSection.Names);
            builder.Services.AddSingleton(new HttpSection((IConfigurationSection)section));
            options.Configure<IServiceProvider>((_, services) => new HttpSection((IConfigurationSection)section).Check(services));
        }

        options
            .Configure(options => options.TimeToLive = section.GetValue("Ttl", options.TimeToLive))
            .Bind(section);
        return builder.AddHttp();
    }
}
