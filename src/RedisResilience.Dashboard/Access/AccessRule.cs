using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard.Access;

/// <summary>
/// Decides who may see the page: the users whom the application allows, or by default only users of this machine. Pages from other sites
/// may not read it, whoever has them open, and whatever the application's CORS policy allows.
/// </summary>
internal sealed class AccessRule(Func<HttpContext, ValueTask<bool>>? filter)
{
    public ValueTask<bool> AllowsAsync(HttpContext context) =>
        IsOfAnotherSite(context.Request) ? new ValueTask<bool>(false)
        : filter is not null ? filter(context)
        : new ValueTask<bool>(IsAuthorized(context) || LocalRequests.IsLocal(context.Request));

    // A link to this page is fine: it shows it to who clicked, and not to where he came from.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site
            ? site is ["cross-site"] or ["same-site"] && request.Headers["Sec-Fetch-Mode"] is not ["navigate"]
            : IsOfAnotherOrigin(request);

    // Browsers say the site of every request over TLS or to this machine, and no page can make them say something else. Of one without TLS
    // to another machine they say the origin, and of this page's own questions not even that. Its script is asked for with one, too: it
    // holds nothing that is not in the package, and a proxy may have changed the host.
    private static bool IsOfAnotherOrigin(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers.Origin is { Count: > 0 } origins
        && !(Uri.TryCreate(origins[0], UriKind.Absolute, out var origin)
            && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
        && request.Path.Value?.EndsWith(".js", StringComparison.Ordinal) != true;

    /// <summary>
    /// Whether the authorization middleware has allowed the request by a rule of this endpoint. The framework fails a request if the
    /// middleware should have run and did not.
    /// </summary>
    private static bool IsAuthorized(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<IAuthorizationRequirementData>() is not null)
        && metadata.GetMetadata<IAllowAnonymous>() is null;
}
