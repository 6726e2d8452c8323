using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Adapters;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the caches of .NET and ASP.NET Core on the connection, the deadline and the circuit breaker of RedisResilience.</summary>
public static class RedisResilienceAdapterServiceCollectionExtensions
{
    /// <summary>
    /// Makes the response cache the application's <see cref="IDistributedCache"/>, under sessions, <c>HybridCache</c> and whatever else is built on it. It replaces
    /// one that was registered before.
    /// </summary>
    /// <remarks>
    /// When Redis cannot answer, a read is a miss and a write is lost, without an exception: what must not be lost does not belong into a cache. Without a
    /// configured Redis the entries live in the memory of this process. The synchronous methods wait for Redis no longer than
    /// <see cref="RedisResilienceOptions.MaximumCommandDeadline"/>, also when no thread of the pool is free.
    /// </remarks>
    /// <param name="services">The application's services; <c>AddRedisResilience</c> is called on them too, before or after.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddRedisResilienceDistributedCache(
        this IServiceCollection services, Action<RedisResilienceDistributedCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceDistributedCacheOptions>, RedisResilienceDistributedCacheOptionsValidator>());
        services.AddOptions<RedisResilienceDistributedCacheOptions>().ValidateOnStart().Configure(configure ?? (_ => { }));
        services.Replace(ServiceDescriptor.Singleton(CreateDistributedCache));
        return services;
    }

    /// <summary>Makes the response cache the store of output caching, which it adds. It replaces a store that was registered before.</summary>
    /// <remarks>
    /// When Redis cannot answer, the endpoint does. <see cref="IOutputCacheStore.EvictByTagAsync"/> is one command, however many entries have the tag.
    /// </remarks>
    /// <param name="services">The application's services; <c>AddRedisResilience</c> is called on them too, before or after.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddRedisResilienceOutputCache(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOutputCache();
        services.Replace(ServiceDescriptor.Singleton<IOutputCacheStore>(provider => new OutputCacheStoreAdapter(Cache(provider))));
        return services;
    }

    private static IDistributedCache CreateDistributedCache(IServiceProvider provider)
    {
        var cache = Cache(provider);
        return provider.GetRequiredService<IRedisStatus>().Current.Availability == RedisAvailability.NotConfigured
            ? new MemoryDistributedCache(Options.Options.Create(new MemoryDistributedCacheOptions()))
            : new DistributedCacheAdapter(
                cache,
                provider.GetRequiredService<IOptions<RedisResilienceDistributedCacheOptions>>().Value,
                provider.GetRequiredService<IOptions<RedisResilienceOptions>>().Value.MaximumCommandDeadline,
                provider.GetRequiredService<TimeProvider>());
    }

    private static IResponseCache Cache(IServiceProvider provider) => provider.GetService<IResponseCache>()
        ?? throw new InvalidOperationException("The adapters of RedisResilience need services.AddRedisResilience(...) to be called too.");
}
