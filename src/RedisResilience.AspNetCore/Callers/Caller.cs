using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace RedisResilience.AspNetCore.Callers;

/// <summary>Says who makes a request. Limits and cached responses use the same definition.</summary>
internal static class Caller
{
    /// <summary>Whether any identity of the caller is authenticated: the first one may well be anonymous.</summary>
    public static bool IsAuthenticated(HttpContext context)
    {
        if (PrincipalOf(context) is { } principal)
        {
            foreach (var identity in principal.Identities)
            {
                if (identity.IsAuthenticated)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// The caller's stable id: issuer and subject of every authenticated identity. Null when there is none, or when one of them has no such
    /// id.
    /// </summary>
    public static string? IdOf(HttpContext context)
    {
        string? ids = null;
        foreach (var identity in AuthenticatedOf(context))
        {
            // A display name is no id: two people may have the same.
            if (IdOf(identity) is not { } id)
            {
                return null;
            }

            ids = ids is null ? id : $"{ids}|{id}";
        }

        return ids;
    }

    /// <summary>The first value that an authenticated identity has for a claim.</summary>
    public static string? ClaimOf(HttpContext context, string type) =>
        AuthenticatedOf(context).Select(identity => identity.FindFirst(type)?.Value).FirstOrDefault(value => value is not null);

    private static IEnumerable<ClaimsIdentity> AuthenticatedOf(HttpContext context) =>
        PrincipalOf(context)?.Identities.Where(identity => identity.IsAuthenticated) ?? [];

    private static string? IdOf(ClaimsIdentity identity)
    {
        var subject = identity.FindFirst(ClaimTypes.NameIdentifier) ?? identity.FindFirst("sub");
        if (subject is not { Value.Length: > 0 })
        {
            return null;
        }

        var issuer = identity.FindFirst("iss")?.Value ?? subject.Issuer;
        return issuer == ClaimsIdentity.DefaultIssuer ? Escape(subject.Value) : $"{Escape(issuer)}|{Escape(subject.Value)}";
    }

    // So that no issuer and subject together look like another subject.
    private static string Escape(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("|", "%7C", StringComparison.Ordinal);

    // Not HttpContext.User: asking it makes a principal where there is none.
    private static ClaimsPrincipal? PrincipalOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;
}
