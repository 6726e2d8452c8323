using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.Caching;
using RedisResilience.Caching.Distributed;
using RedisResilience.Diagnostics;
using RedisResilience.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds features to a Redis that <c>AddRedisResilience</c> has registered.</summary>
public static class RedisResilienceBuilderExtensions
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Lets the host start only with Redis. The start waits for Redis. If Redis is not there in time, or none is configured, the start
    /// fails with an <see cref="InvalidOperationException"/> that says why. Without this, which is the default, an application starts and
    /// serves without Redis.
    /// </summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="within">How long to wait. Default: 10 s.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="builder"/> was not made by <c>AddRedisResilience</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="within"/> is not positive.</exception>
    public static IRedisResilienceBuilder RequireRedis(this IRedisResilienceBuilder builder, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within ?? DefaultPatience, TimeSpan.Zero, nameof(within));
        if (builder is not RedisResilienceBuilder own)
        {
            throw new ArgumentException("The builder is not one that AddRedisResilience has returned.", nameof(builder));
        }

        own.Registration.RequiredWithin = within ?? DefaultPatience;
        return builder;
    }

    /// <summary>
    /// Makes the response cache the application's <see cref="IDistributedCache"/>, which sessions, <c>HybridCache</c> and others use. It
    /// replaces one that was registered before.
    /// </summary>
    /// <remarks>
    /// When Redis cannot answer, a read is a miss and a write is lost, without an exception. Do not store data here that you cannot lose.
    /// Without a configured Redis the entries live in the memory of this process. The synchronous methods wait for Redis no longer than
    /// <see cref="RedisResilienceOptions.MaximumCommandDeadline"/>, even when no thread of the pool is free.
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
            ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceDistributedCacheOptions>,
            RedisResilienceDistributedCacheOptionsValidator>());
        builder.Services.AddOptions<RedisResilienceDistributedCacheOptions>().ValidateOnStart().Configure(configure ?? (_ => { }));
        builder.Services.Replace(ServiceDescriptor.Singleton(provider => CreateDistributedCache(provider, builder.Name)));
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
                new LargeValues(
                    provider.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(name).MaximumEntrySize,
                    provider.Logger(),
                    provider.GetRequiredService<TimeProvider>()));
    }
}
