using System.Security.Claims;
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

    public static bool IsAuthenticated(HttpContext context) => UserOf(context)?.Identity?.IsAuthenticated == true;

    /// <summary>The authenticated user's name; null when there is no such user.</summary>
    public static string? NameOf(HttpContext context) =>
        UserOf(context) is { Identity.IsAuthenticated: true } user ? user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.Identity.Name : null;

    // Not HttpContext.User: asking it makes an identity where there is none.
    private static ClaimsPrincipal? UserOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;
}
