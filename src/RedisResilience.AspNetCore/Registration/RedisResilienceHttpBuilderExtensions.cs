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

/// <summary>Adds the services for endpoints with rate limits and cached responses.</summary>
public static class RedisResilienceHttpBuilderExtensions
{
    /// <summary>Adds the HTTP side of RedisResilience. The middleware comes from <c>UseRedisResilience</c>.</summary>
    /// <remarks>
    /// If the application uses <c>UseExceptionHandler</c>, two kinds of exceptions become a 503 with <c>Retry-After</c>, and are not logged
    /// as errors of the application: those of a source that does not answer (<see cref="ISourceFailures"/>), and those of a load that was
    /// not started (<see cref="SourceOverloadedException"/>).
    /// </remarks>
    /// <param name="builder">
    /// What <c>AddRedisResilience</c> has returned. Endpoints use this Redis, unless a policy or an entry names another one.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">It was called on another Redis before.</exception>
    public static IRedisResilienceBuilder AddHttp(this IRedisResilienceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions();
        services.AddLogging();
        if (services.Select(service => service.ImplementationInstance).OfType<HttpRegistration>().FirstOrDefault() is not { } registration)
        {
            services.AddSingleton(new HttpRegistration(builder.Name));
        }
        else if (registration.Redis != builder.Name)
        {
            throw new InvalidOperationException(
                $"AddHttp was called on {Of(registration.Redis)} before, and now on {Of(builder.Name)}. Call it on that of most endpoints, "
                    + "and name the other one where it is used: RateLimitPolicy.Redis, CacheResponse(response => response.Redis(...)).");
        }

        services.TryAddSingleton<EndpointRedis>();
        services.TryAddSingleton<HttpPipeline>();
        services.TryAddSingleton<LivePolicies>();
        services.TryAddSingleton(provider => new CachedEndpoints(provider.GetService<EndpointDataSource>()));
        services.TryAddSingleton<IResponseCacheInvalidator>(provider =>
            new ResponseCacheInvalidator(provider.GetRequiredService<CachedEndpoints>(), provider.GetRequiredService<EndpointRedis>()));
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
    /// the section of the core as well. An unknown name or an impossible value is an error that lists the valid ones.
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

    private static string Of(string? redis) => redis is null ? "the Redis without a name" : $"the Redis '{redis}'";
}
