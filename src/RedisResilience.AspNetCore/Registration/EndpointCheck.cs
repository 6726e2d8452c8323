using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>
/// Adds the callback that must run before all middleware, and checks the endpoints when the pipeline is complete, so that a mistake stops
/// the start of the application.
/// </summary>
internal sealed class EndpointCheck(LivePolicies policies, HttpPipeline pipeline, CachedEndpoints endpoints, EndpointRedis redis)
    : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        LastMoment.Use(app);
        pipeline.HasLastMoment = true;
        next(app);
        if (app.ApplicationServices.GetService<EndpointDataSource>() is { } source)
        {
            EndpointRules.Check(source, policies, endpoints, pipeline.HasMiddleware);
            Array.ForEach(endpoints.All, endpoint => redis.CacheOf(endpoint.Entry.Redis));
            TellNotEnforced(source);
            policies.Changed += () => TellNotEnforced(source);
        }
    };

    // Asked for nothing, the limiter that enforces nothing names the limits that deny in an outage: now, and not with somebody's log-in.
    private void TellNotEnforced(EndpointDataSource source)
    {
        var counted = source.Endpoints.SelectMany(endpoint => policies.Current.LimitsOf(endpoint).Counted()).Distinct();
        foreach (var (limiter, limit) in counted.Where(limit => limit.Limiter is NoOpRateLimiter))
        {
            limiter.TryAcquireLocally("start", limit, permits: 0, out _);
        }
    }
}
