using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Callers;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>
/// Callers with <c>Authorization</c>, and callers whom the application has authenticated. A response to such a caller is private, unless
/// the endpoint itself says <c>public</c>, <c>s-maxage</c> or <c>must-revalidate</c> (RFC 9111, section 3.5).
/// </summary>
/// <remarks>
/// Such a caller does not get a response that the endpoint has marked public for an anonymous caller: the endpoint may answer known callers
/// differently.
/// </remarks>
internal static class KnownCallers
{
    // By this the platform's middleware tells endpoints that it has run.
    private const string Authorized = "__AuthorizationMiddlewareWithEndpointInvoked";

    /// <summary>By what the caller of an endpoint is known; null for one who is not, or who is given what all are given.</summary>
    public static Reason? ReasonOf(HttpContext context, CachedEndpoint endpoint) =>
        endpoint.Entry.IsForAllUsers || endpoint.Entry.IsPerUser ? null
        : context.Request.Headers.Authorization.Count > 0 ? Reason.Authorization
        : Caller.IsAuthenticated(context) ? Reason.Authenticated
        : null;

    /// <summary>
    /// Whether the authorization middleware runs after the cache. The cache must not answer before it.
    /// </summary>
    public static bool IsYetToBeAuthorized(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<IAuthorizeData>() is not null
        && metadata.GetMetadata<IAllowAnonymous>() is null
        && !context.Items.ContainsKey(Authorized);

    /// <summary>Whether a response to such a caller says that it is for others too.</summary>
    /// <param name="lines">The lines of a field that the endpoint has set.</param>
    /// <param name="endpoint">The endpoint.</param>
    public static bool IsPublic(Func<string, StringValues> lines, CachedEndpoint endpoint)
    {
        var (control, _) = ResponseFreshness.ControlOf(lines, endpoint.Entry.TargetedFields);
        return control.IsPublic || control.SharedMaxAge is not null || control.MustRevalidate;
    }

    /// <summary>What the cache has to remember of a response that is for others too, although its caller was known.</summary>
    public static KeyValuePair<string, StringValues>[] Mark(bool isPublic) => isPublic ? [new(HttpAnnotation.Public, "1")] : [];

    /// <summary>Listens to a response that is not captured, for what it says of the next one.</summary>
    public static void Hear(HttpResponse response, CachedEndpoint endpoint)
    {
        var before = response.Headers.CacheControl;
        response.OnStarting(() =>
        {
            if (response.Headers.CacheControl != before && IsPublic(name => response.Headers[name], endpoint))
            {
                endpoint.HasSaid(isPublic: true);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Whether a stored response is for the caller.</summary>
    public static bool MayTake(in CacheLookup lookup, in CachedResponse cached) =>
        lookup.Known is null || HttpAnnotation.Find(cached.Annotation.Span, HttpAnnotation.Public) is not null;
}
