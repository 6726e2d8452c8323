using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Keeps what is meant for one caller away from the cache, which is shared by all.</summary>
internal static class CallerIdentity
{
    public static string? BypassOf(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0 ? CacheStatus.BypassAuthorization
        : IsAuthenticated(context) ? CacheStatus.BypassAuthenticated
        : null;

    // Not HttpContext.User: asking it makes an identity where there is none.
    public static bool IsAuthenticated(HttpContext context) =>
        context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity?.IsAuthenticated == true;
}
