using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>
/// The services that endpoints use: those of the Redis that a policy or an endpoint names, or else of the one that <c>AddHttp</c> was
/// called on.
/// </summary>
internal sealed class EndpointRedis(IServiceProvider services, HttpRegistration registration)
{
    /// <summary>The name of the Redis that stands behind a name of an endpoint or a policy, which may be none.</summary>
    public string? NameOf(string? redis) => redis ?? registration.Redis;

    /// <exception cref="InvalidOperationException">There is no such Redis.</exception>
    public IRateLimiter LimiterOf(string? redis) => Find<IRateLimiter>(redis);

    /// <inheritdoc cref="LimiterOf"/>
    public IResponseCache CacheOf(string? redis) => Find<IResponseCache>(redis);

    /// <inheritdoc cref="LimiterOf"/>
    public IRedisStatus StatusOf(string? redis) => Find<IRedisStatus>(redis);

    private T Find<T>(string? redis)
        where T : class =>
        services.GetKeyedService<T>(NameOf(redis)) ?? throw new InvalidOperationException(NameOf(redis) is { } name
            ? $"There is no Redis named '{name}': call services.AddRedisResilience(\"{name}\", ...)."
            : "There is no Redis without a name: call services.AddRedisResilience(...) first.");
}
