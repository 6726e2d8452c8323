using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>Limits and caches the endpoints that ask for it.</summary>
internal sealed class RedisResilienceMiddleware(RequestDelegate next, LivePolicies policies, IRateLimiter limiter, HttpResponseCache cache)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is not { } metadata)
        {
            return next(context);
        }

        var snapshot = policies.Current;
        var policy = snapshot.For(metadata.GetMetadata<RateLimitMetadata>());
        var entry = HttpResponseCache.IsReadable(context.Request) ? metadata.GetMetadata<CacheResponseMetadata>() : null;
        return policy is null && entry is null ? next(context) : ServeAsync(context, policy, CacheLookup.Begin(context, entry, snapshot.TimeToLive));
    }

    private async Task ServeAsync(HttpContext context, RateLimitPolicy? policy, CacheLookup lookup)
    {
        // Both leave before either is awaited: one round trip. The command deadline bounds them, so no token is handed on.
        var deciding = policy is null ? default : limiter.AcquireAsync(policy.KeyOf(context), policy.Limit);
        var reading = cache.ReadAsync(lookup);
        if (policy is not null)
        {
            var decision = await deciding.ConfigureAwait(false);
            RateLimitAnnouncement.Register(context.Response, policy, decision);
            if (!decision.IsAllowed)
            {
                HttpResponseCache.Drop(reading);
                await RateLimitDenial.WriteAsync(context, policy, decision).ConfigureAwait(false);
                return;
            }
        }

        using var cached = await reading.ConfigureAwait(false);
        if (HttpResponseCache.IsServable(cached))
        {
            await cache.HitAsync(context, lookup, cached).ConfigureAwait(false);
        }
        else
        {
            await cache.MissAsync(context, lookup, cached, next).ConfigureAwait(false);
        }
    }
}
