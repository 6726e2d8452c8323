using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Invalidation;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Pooling;

namespace RedisResilience.AspNetCore;

/// <summary>Limits and caches the endpoints that require it.</summary>
internal sealed class RedisResilienceMiddleware(
    RequestDelegate next, LivePolicies policies, CachedEndpoints endpoints, HttpResponseCaches caches, UnsafeMethods unsafeMethods)
{
    public Task InvokeAsync(HttpContext context)
    {
        // A request that an exception handler or a page for statuses runs once more has been charged, and its answer is the page.
        if (context.Features.Get<RequestMark>() is not null)
        {
            return next(context);
        }

        // Also one that middleware answers and no endpoint.
        var isReadable = HttpResponseCache.IsReadable(context.Request);
        if (!isReadable && UnsafeMethods.IsUnsafe(context.Request.Method))
        {
            unsafeMethods.Watch(context);
        }

        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        var snapshot = policies.Current;
        var limits = snapshot.LimitsOf(endpoint);
        var cached = isReadable ? endpoints.Of(endpoint) : null;
        if (limits.IsEmpty && cached is null)
        {
            return next(context);
        }

        context.Features.Set(RequestMark.Instance);
        var cache = caches.Of(cached);
        var lookup = CacheLookup.Begin(context, cached, snapshot.TimeToLive);
        return limits.IsEmpty
            ? cache.AnswerAsync(context, lookup, cache.ReadAsync(context.Request, lookup), next).AsTask()
            : LimitAsync(context, limits, cache, lookup).AsTask();
    }

    /// <returns>Whether the request was let through.</returns>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private async ValueTask<bool> LimitAsync(HttpContext context, EndpointLimits limits, HttpResponseCache cache, CacheLookup lookup)
    {
        // All of them leave before any is awaited: one round trip.
        var check = RateLimitCheck.Begin(context, limits);
        var reading = check is { IsDenied: true } ? default : cache.ReadAsync(context.Request, lookup);
        if (check is not null && !await check.IsAllowedAsync(context).ConfigureAwait(false))
        {
            HttpResponseCache.Drop(reading);
            await RateLimitDenial.WriteAsync(context, check).ConfigureAwait(false);
            return false;
        }

        await cache.AnswerAsync(context, lookup, reading, next).ConfigureAwait(false);
        return true;
    }

    /// <summary>Stands at a request that has passed here.</summary>
    private sealed class RequestMark
    {
        public static readonly RequestMark Instance = new();
    }
}
