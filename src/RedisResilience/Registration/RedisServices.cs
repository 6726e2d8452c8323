using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Connection;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Registration;

/// <summary>Registers the services of one Redis: keyed by its name, or not keyed for the Redis without a name.</summary>
internal static class RedisServices
{
    private const string LoggerCategory = "RedisResilience";

    /// <summary>What both kinds of registration need.</summary>
    public static void AddCommon(IServiceCollection services, RedisRegistration registration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(registration);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceOptions>, RedisResilienceOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ConnectionStarter>());
        services.AddOptions<RedisResilienceOptions>(registration.Name).ValidateOnStart();
    }

    public static void AddRedis(IServiceCollection services, string? name, Func<IServiceProvider, RedisResilienceOptions, IDialer> dial)
    {
        services.TryAddKeyedSingleton(name, (provider, _) => new RedisGateway(
            dial(provider, provider.OptionsOf(name)),
            provider.OptionsOf(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.Logger()));
        services.TryAddKeyedSingleton<IRedisStatus>(name, (provider, _) => new GatewayStatus(provider.GatewayOf(name)));
        services.TryAddKeyedSingleton<IRateLimiter>(name, (provider, _) => new RedisRateLimiter(
            provider.GatewayOf(name),
            provider.GetRequiredService<TimeProvider>(),
            recovery: provider.GatewayOf(name),
            localKeys: provider.OptionsOf(name).MaximumLocalKeys,
            denialRecheck: provider.OptionsOf(name).DenialRecheckInterval));
        services.TryAddKeyedSingleton<IPermitPool>(name, (provider, _) => new RedisPermitPool(provider.GatewayOf(name)));
        services.TryAddKeyedSingleton<IUpstreamQuota>(
            name, (provider, _) => new RedisUpstreamQuota(provider.GatewayOf(name), provider.GetRequiredService<TimeProvider>()));
        services.TryAddKeyedSingleton<IHighWaterMarks>(name, (provider, _) => new RedisHighWaterMarks(provider.GatewayOf(name)));
        services.TryAddKeyedSingleton<IResponseCache>(name, (provider, _) => RedisResponseCache.Create(
            provider.GatewayOf(name),
            provider.GatewayOf(name),
            provider.OptionsOf(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.GatewayOf(name),
            provider.GetRequiredKeyedService<StoredKeys>(name)));
        services.TryAddKeyedSingleton(name, (provider, _) => new StoredKeys(
            provider.OptionsOf(name).MaximumStoredKeys, provider.GetRequiredService<TimeProvider>(), provider.Logger()));
        services.TryAddKeyedSingleton<ICacheUsage>(name, (provider, _) => provider.GetRequiredKeyedService<StoredKeys>(name));
    }

    public static void AddNoOps(IServiceCollection services, string? name)
    {
        services.TryAddKeyedSingleton(name, (provider, _) =>
        {
            // A mistake stops the start here, too.
            _ = provider.OptionsOf(name);
            return new UnconfiguredRedisStatus(provider.Logger(), name);
        });
        services.TryAddKeyedSingleton<IRedisStatus>(name, (provider, _) => provider.StatusOf(name));
        services.TryAddKeyedSingleton<IRateLimiter>(name, (provider, _) => new NoOpRateLimiter(provider.StatusOf(name).NotEnforced));
        services.TryAddKeyedSingleton<IPermitPool>(name, (provider, _) => provider.AfterStatus(name, NoPermitPool.Instance));
        services.TryAddKeyedSingleton<IUpstreamQuota>(
            name, (provider, _) => provider.AfterStatus(name, new InMemoryUpstreamQuota(provider.GetRequiredService<TimeProvider>())));
        services.TryAddKeyedSingleton<IHighWaterMarks>(name, (provider, _) => provider.AfterStatus(name, new InMemoryHighWaterMarks()));
        services.TryAddKeyedSingleton<IResponseCache>(name, (provider, _) => provider.AfterStatus(name, NoOpResponseCache.Instance));
        services.TryAddKeyedSingleton<ICacheUsage>(name, (_, _) => NoCacheUsage.Instance);
    }

    public static ILogger Logger(this IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger(LoggerCategory) ?? NullLogger.Instance;

    private static RedisResilienceOptions OptionsOf(this IServiceProvider provider, string? name) =>
        provider.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(name);

    private static RedisGateway GatewayOf(this IServiceProvider provider, string? name) =>
        provider.GetRequiredKeyedService<RedisGateway>(name);

    private static UnconfiguredRedisStatus StatusOf(this IServiceProvider provider, string? name) =>
        provider.GetRequiredKeyedService<UnconfiguredRedisStatus>(name);

    // Whichever service is resolved first, the status is made with it, and with the status the one log line.
    private static T AfterStatus<T>(this IServiceProvider provider, string? name, T service)
    {
        provider.StatusOf(name);
        return service;
    }
}
