using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Adapters;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the caches of .NET and ASP.NET Core on the connection, the deadline and the circuit breaker of RedisResilience.</summary>
public static class RedisResilienceAdapterBuilderExtensions
{
    /// <summary>
    /// Makes the response cache the application's <see cref="IDistributedCache"/>, under sessions, <c>HybridCache</c> and whatever else is
    /// built on it. It replaces
    /// one that was registered before.
    /// </summary>
    /// <remarks>
    /// When Redis cannot answer, a read is a miss and a write is lost, without an exception: what must not be lost does not belong into a
    /// cache. Without a
    /// configured Redis the entries live in the memory of this process. The synchronous methods wait for Redis no longer than
    /// <see cref="RedisResilienceOptions.MaximumCommandDeadline"/>, also when no thread of the pool is free.
    /// </remarks>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IRedisResilienceBuilder AddDistributedCache(
        this IRedisResilienceBuilder builder, Action<RedisResilienceDistributedCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceDistributedCacheOptions>, RedisResilienceDistributedCacheOptionsValidator>());
        builder.Services.AddOptions<RedisResilienceDistributedCacheOptions>().ValidateOnStart().Configure(configure ?? (_ => { }));
        builder.Services.Replace(ServiceDescriptor.Singleton(provider => CreateDistributedCache(provider, builder.Name)));
        return builder;
    }

    /// <summary>
    /// Makes the response cache the store of output caching, which it adds. It replaces a store that was registered before.
    /// </summary>
    /// <remarks>
    /// When Redis cannot answer, the endpoint does. <see cref="IOutputCacheStore.EvictByTagAsync"/> is one command, however many entries
    /// have the tag.
    /// </remarks>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IRedisResilienceBuilder AddOutputCache(this IRedisResilienceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOutputCache();
        builder.Services.Replace(ServiceDescriptor.Singleton<IOutputCacheStore>(provider =>
            new OutputCacheStoreAdapter(provider.GetRequiredKeyedService<IResponseCache>(builder.Name), Large(provider, builder.Name))));
        return builder;
    }

    private static IDistributedCache CreateDistributedCache(IServiceProvider provider, string? name)
    {
        var cache = provider.GetRequiredKeyedService<IResponseCache>(name);
        return provider.GetRequiredKeyedService<IRedisStatus>(name).Current.Availability == RedisAvailability.NotConfigured
            ? new MemoryDistributedCache(Options.Options.Create(new MemoryDistributedCacheOptions()))
            : new DistributedCacheAdapter(
                cache,
                provider.GetRequiredService<IOptions<RedisResilienceDistributedCacheOptions>>().Value,
                provider.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(name).MaximumCommandDeadline,
                provider.GetRequiredService<TimeProvider>(),
                Large(provider, name));
    }

    private static LargeValues Large(IServiceProvider provider, string? name) => new(
        provider.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(name).MaximumEntrySize,
        (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("RedisResilience"),
        provider.GetRequiredService<TimeProvider>());
}
