using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.AspNetCore.Adapters;
using RedisResilience.Caching;
using RedisResilience.Caching.Distributed;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets ASP.NET Core's output caching use RedisResilience's connection, deadline and circuit breaker.</summary>
public static class RedisResilienceAdapterBuilderExtensions
{
    /// <summary> Adds output caching, with the response cache as its store. It replaces a store that was registered before. </summary>
    /// <remarks>
    /// When Redis cannot answer, the endpoint runs. <see cref="IOutputCacheStore.EvictByTagAsync"/> is one command, however many entries
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

    private static LargeValues Large(IServiceProvider provider, string? name) => new(
        provider.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(name).MaximumEntrySize,
        (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("RedisResilience"),
        provider.GetRequiredService<TimeProvider>());
}
