using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;
using RedisResilience.Http;
using RedisResilience.Http.Caching;
using RedisResilience.Http.RateLimiting;
using RedisResilience.Http.RateLimiting.Hearing;
using RedisResilience.Http.Registration;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the cache and the limit to a client of <see cref="IHttpClientFactory"/>.</summary>
public static class RedisResilienceHttpClientBuilderExtensions
{
    /// <summary>
    /// Adds a response cache that follows RFC 9111. All processes share it through the application's <see cref="IResponseCache"/>.
    /// </summary>
    /// <remarks>
    /// Put handlers that add credentials before this one, or set <see cref="HttpCacheOptions.User"/>. Without Redis, requests go straight
    /// to the API.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddRedisResilienceCache(this IHttpClientBuilder builder, Action<HttpCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<HttpCacheStores>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpCacheOptions>, HttpCacheOptionsValidator>());
        var options = builder.Services.AddOptions<HttpCacheOptions>(builder.Name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.AddHttpMessageHandler(provider =>
        {
            var chosen = provider.GetRequiredService<IOptionsMonitor<HttpCacheOptions>>().Get(builder.Name);
            var cache = provider.GetRequiredService<HttpCacheStores>().Of(builder.Name, chosen);
            return cache is NoOpResponseCache
                ? new PassingHandler()
                : new HttpCacheHandler(builder.Name, chosen, cache, provider.GetRequiredService<TimeProvider>());
        });
    }

    /// <summary>
    /// Holds requests to a limit that all processes count together, and to what the API says about its own limits. Each attempt of a retry
    /// counts. A request waits for its turn.
    /// </summary>
    /// <remarks>
    /// Redis holds the count under <c>ratelimit:{name}:{key}</c>, and what the API has said under
    /// <c>redisresilience:upstream:{name}:{key}</c>.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="name">
    /// The limit's name: clients with the same name are counted together. 1 to <see cref="RateLimit.MaximumNameLength"/> letters, digits,
    /// <c>-</c>, <c>_</c> and <c>.</c>
    /// </param>
    /// <param name="limit">Any limit. Its name and its failure policy are set here.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no good as a name.</exception>
    public static IHttpClientBuilder AddRedisResilienceLimit(
        this IHttpClientBuilder builder, string name, RateLimit limit, Action<HttpLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(limit);
        var named = limit with { Name = name };
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpLimitOptions>, HttpLimitOptionsValidator>());
        var optionsName = $"{builder.Name}/{name}";
        var options = builder.Services.AddOptions<HttpLimitOptions>(optionsName).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(
            provider => new LimitHandlerFilter(builder.Name, services => Create(services, named, optionsName), provider));
        builder.Services.AddSingleton<IHostedService>(provider => new UnenforcedLimit(provider, named, optionsName));
        return builder;
    }

    private static HttpLimitHandler Create(IServiceProvider services, RateLimit limit, string optionsName)
    {
        var options = services.GetRequiredService<IOptionsMonitor<HttpLimitOptions>>().Get(optionsName);
        var limiter = services.GetKeyedService<IRateLimiter>(options.Redis) ?? throw new InvalidOperationException(
            "There is no rate limiter: call AddRedisResilience.");
        var upstream = services.GetRequiredKeyedService<IUpstreamQuota>(options.Redis);
        var timeProvider = services.GetRequiredService<TimeProvider>();
        var shared = new HttpLimit(limit.Name!, limit, options, limiter, upstream, timeProvider);
        return new HttpLimitHandler(shared, options.HearsUpstream ? new UpstreamHearing(shared, upstream, timeProvider) : null);
    }
}
