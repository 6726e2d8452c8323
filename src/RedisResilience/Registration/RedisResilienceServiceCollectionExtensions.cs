using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.Caching;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Usage;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.ConnectionStrings;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;
using RedisResilience.RateLimiting.Upstream;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Registration;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the rate limiter and the response cache to an application.</summary>
public static class RedisResilienceServiceCollectionExtensions
{
    private const string LoggerCategory = "RedisResilience";

    /// <summary>Adds <see cref="IRateLimiter"/>, <see cref="IResponseCache"/> and <see cref="IRedisStatus"/>, which share one connection and one circuit breaker.</summary>
    /// <remarks>
    /// Never connects here, never blocks, and never fails for a server that is away: the connection is made in the background when the first of the
    /// services is resolved. Until it is there, and whenever Redis is away, calls go on without it.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="connectionString">
    /// <c>redis://user:password@host:port/database</c>, <c>rediss://…</c> for TLS, or a StackExchange.Redis configuration string. Null or blank: no Redis;
    /// the services are then <see cref="NoOpRateLimiter"/> and <see cref="NoOpResponseCache"/>, and one log line says so.
    /// </param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException">The connection string is malformed. The message names the wrong part, and never shows the password.</exception>
    [OverloadResolutionPriority(1)] // A bare null is a missing connection string.
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services, string? connectionString, Action<RedisResilienceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var configuration = string.IsNullOrWhiteSpace(connectionString)
            ? null
            : RedisConnectionString.Parse(connectionString, nameof(connectionString));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceOptions>, RedisResilienceOptionsValidator>());
        var options = services.AddOptions<RedisResilienceOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (configuration is null)
        {
            services.AddNoOps();
        }
        else
        {
            services.AddRedis(configuration);
        }

        return new RedisResilienceBuilder(services, Name: null);
    }

    /// <summary>Adds the services with the connection string and the options of a configuration section.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">Holds <c>ConnectionString</c> and the properties of <see cref="RedisResilienceOptions"/>.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The connection string is malformed. The message names the wrong part, and never shows the password.</exception>
    public static IRedisResilienceBuilder AddRedisResilience(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return services.AddRedisResilience(section["ConnectionString"], options => section.Bind(options));
    }

    private static void AddRedis(this IServiceCollection services, ConfigurationOptions configuration)
    {
        services.TryAddSingleton(provider => new RedisGateway(
            configuration,
            provider.GetRequiredService<IOptions<RedisResilienceOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetLogger()));
        services.TryAddSingleton<IRedisStatus>(provider => new GatewayStatus(provider.GetRequiredService<RedisGateway>()));
        services.TryAddSingleton<IRateLimiter>(provider => new RedisRateLimiter(
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<TimeProvider>(),
            recovery: provider.GetRequiredService<RedisGateway>(),
            localKeys: provider.GetRequiredService<IOptions<RedisResilienceOptions>>().Value.MaximumLocalKeys));
        services.TryAddSingleton<IPermitPool>(provider => new RedisPermitPool(provider.GetRequiredService<RedisGateway>()));
        services.TryAddSingleton<IUpstreamQuota>(provider => new RedisUpstreamQuota(provider.GetRequiredService<RedisGateway>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IHighWaterMarks>(provider => new RedisHighWaterMarks(provider.GetRequiredService<RedisGateway>()));
        services.TryAddSingleton<IResponseCache>(provider => RedisResponseCache.Create(
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<IOptions<RedisResilienceOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<StoredKeys>()));
        services.TryAddSingleton(provider => new StoredKeys(
            provider.GetRequiredService<IOptions<RedisResilienceOptions>>().Value, provider.GetRequiredService<TimeProvider>(), provider.GetLogger()));
        services.TryAddSingleton<ICacheUsage>(provider => provider.GetRequiredService<StoredKeys>());
    }

    private static void AddNoOps(this IServiceCollection services)
    {
        services.TryAddSingleton<IRedisStatus>(provider => new UnconfiguredRedisStatus(provider.GetLogger()));
        services.TryAddSingleton<IRateLimiter>(provider => provider.AfterStatus(NoOpRateLimiter.Instance));
        services.TryAddSingleton<IPermitPool>(provider => provider.AfterStatus(NoPermitPool.Instance));
        services.TryAddSingleton<IUpstreamQuota>(provider => provider.AfterStatus(new InMemoryUpstreamQuota(provider.GetRequiredService<TimeProvider>())));
        services.TryAddSingleton<IHighWaterMarks>(provider => provider.AfterStatus(new InMemoryHighWaterMarks()));
        services.TryAddSingleton<IResponseCache>(provider => provider.AfterStatus(NoOpResponseCache.Instance));
        services.TryAddSingleton<ICacheUsage>(NoCacheUsage.Instance);
    }

    // Whichever service is resolved first, the status is made with it, and with the status the one log line.
    private static T AfterStatus<T>(this IServiceProvider provider, T service)
    {
        provider.GetRequiredService<IRedisStatus>();
        return service;
    }

    private static ILogger GetLogger(this IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger(LoggerCategory) ?? NullLogger.Instance;
}
