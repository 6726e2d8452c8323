using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Pooling;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>Limits and caches the endpoints that ask for it.</summary>
internal sealed class RedisResilienceMiddleware(RequestDelegate next, LivePolicies policies, IRateLimiter limiter, HttpResponseCache cache)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        var snapshot = policies.Current;
        var limits = snapshot.LimitsOf(endpoint);
        var entry = HttpResponseCache.IsReadable(context.Request) ? endpoint.Metadata.GetMetadata<CacheResponseMetadata>() : null;
        if (limits.IsEmpty && entry is null)
        {
            return next(context);
        }

        var lookup = CacheLookup.Begin(context, entry, snapshot.TimeToLive);
        return limits.IsEmpty
            ? cache.AnswerAsync(context, lookup, cache.ReadAsync(context.Request, lookup), next)
            : LimitAsync(context, limits, lookup);
    }

    [AsyncMethodBuilder(typeof(PooledTaskMethodBuilder))]
    private async Task LimitAsync(HttpContext context, EndpointLimits limits, CacheLookup lookup)
    {
        // All of them leave before any is awaited: one round trip.
        var check = RateLimitCheck.Begin(context, limits, limiter);
        var reading = check is { IsDenied: true } ? default : cache.ReadAsync(context.Request, lookup);
        if (check is not null && !await check.IsAllowedAsync(context, limiter).ConfigureAwait(false))
        {
            HttpResponseCache.Drop(reading);
            await RateLimitDenial.WriteAsync(context, check).ConfigureAwait(false);
            return;
        }

        await cache.AnswerAsync(context, lookup, reading, next).ConfigureAwait(false);
    }
}
