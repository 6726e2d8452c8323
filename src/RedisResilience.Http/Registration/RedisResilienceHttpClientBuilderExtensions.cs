using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;
using RedisResilience.Http;
using RedisResilience.Http.Caching;
using RedisResilience.Http.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the cache and the limit to a client of <see cref="IHttpClientFactory"/>.</summary>
public static class RedisResilienceHttpClientBuilderExtensions
{
    /// <summary>Answers requests from a response cache by RFC 9111, which all nodes share through the application's <see cref="IResponseCache"/>.</summary>
    /// <remarks>
    /// Handlers that add credentials belong before this one, or the cache must be told who the user is (<see cref="HttpCacheOptions.User"/>). Without Redis, requests pass straight to the
    /// other side.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddRedisResilienceCache(this IHttpClientBuilder builder, Action<HttpCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpCacheOptions>, HttpCacheOptionsValidator>());
        var options = builder.Services.AddOptions<HttpCacheOptions>(builder.Name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.AddHttpMessageHandler(provider =>
        {
            var chosen = provider.GetRequiredService<IOptionsMonitor<HttpCacheOptions>>().Get(builder.Name);
            var cache = chosen.Store?.Invoke(provider) ?? provider.GetService<IResponseCache>()
                ?? throw new InvalidOperationException("There is no response cache: call AddRedisResilience, or set HttpCacheOptions.Store.");
            return cache is NoOpResponseCache ? new PassingHandler() : new HttpCacheHandler(builder.Name, chosen, cache, provider.GetRequiredService<TimeProvider>());
        });
    }
}
