using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Invalidation;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the middleware of rate limits and cached responses.</summary>
public static class RedisResilienceApplicationBuilderExtensions
{
    private const string Used = "RedisResilience.IsUsed";
    private const string Routing = "__EndpointRouteBuilder";

    /// <summary>
    /// Limits and caches the endpoints that require it. Call it after routing, forwarded headers, authentication and authorization. A
    /// second call does nothing.
    /// </summary>
    /// <remarks>It begins to connect to Redis in the background, so that the first request does not have to.</remarks>
    /// <param name="app">The application.</param>
    /// <returns><paramref name="app"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <c>AddRedisResilience</c> or its <c>AddHttp</c> was not called, or this call comes after the endpoints. If it comes before
    /// <c>UseRouting</c>, the exception is thrown when the pipeline is built.
    /// </exception>
    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    public static IApplicationBuilder UseRedisResilience(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (!app.Properties.TryAdd(Used, true))
        {
            return app;
        }

        var services = app.ApplicationServices;
        var pipeline = services.GetService<HttpPipeline>()
            ?? throw Missing(services.GetService<IRateLimiter>() is null ? "" : ".AddHttp(...)");
        var redis = services.GetRequiredService<EndpointRedis>();
        _ = redis.LimiterOf(null);
        var policies = services.GetRequiredService<LivePolicies>();
        var endpoints = services.GetRequiredService<CachedEndpoints>();
        var caches = new HttpResponseCaches(name => new HttpResponseCache(CreateServices(services, redis, name, pipeline)));
        EndpointRules.CheckNoneIsMapped(services.GetService<EndpointDataSource>(), policies, endpoints);
        pipeline.HasMiddleware = true;
        var isRouted = app.Properties.ContainsKey(Routing);
        var unsafeMethods = new UnsafeMethods(endpoints, redis);
        return app.Use(next => !isRouted && app.Properties.ContainsKey(Routing)
            ? throw new InvalidOperationException(
                "app.UseRedisResilience() stands before app.UseRouting(), where no endpoint is known: call it after.")
            : new RedisResilienceMiddleware(next, policies, endpoints, caches, unsafeMethods).InvokeAsync);
    }

    private static HttpCacheServices CreateServices(IServiceProvider services, EndpointRedis redis, string? name, HttpPipeline pipeline)
    {
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        return new HttpCacheServices
        {
            Cache = redis.CacheOf(name),
            Status = redis.StatusOf(name),
            Time = time,
            Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("RedisResilience"),
            MaximumEntrySize = services.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(redis.NameOf(name))
                .MaximumEntrySize,
            Compression = services.GetService<IResponseCompressionProvider>(),
            UncacheableKeys = new UncacheableKeys(time),
            Pipeline = pipeline,
        };
    }

    private static InvalidOperationException Missing(string more) =>
        new($"UseRedisResilience needs services.AddRedisResilience(...){more} to be called first.");
}
