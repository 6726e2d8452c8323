using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard.Access;

/// <summary>Who may see the page: whom the application says, and until it says anything, who sits at the machine. Pages from elsewhere
/// may not, whoever has them open, and whatever the application's CORS policy allows them.</summary>
internal sealed class AccessRule(Func<HttpContext, ValueTask<bool>>? filter)
{
    public ValueTask<bool> AllowsAsync(HttpContext context) =>
        IsOfAnotherSite(context.Request) ? new ValueTask<bool>(false)
        : filter is not null ? filter(context)
        : new ValueTask<bool>(IsAuthorized(context) || LocalRequests.IsLocal(context.Request));

    // Browsers say it of every request, and no page can make them say something else. A link to this page is fine: it shows it to who
    // clicked, and not to where he came from.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is ["cross-site"] or ["same-site"] && request.Headers["Sec-Fetch-Mode"] is not ["navigate"];

    /// <summary>Whether the authorization middleware has let the request pass by a rule of this endpoint's. The framework fails requests
    /// for which it should have run and has not.</summary>
    private static bool IsAuthorized(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<IAuthorizationRequirementData>() is not null)
        && metadata.GetMetadata<IAllowAnonymous>() is null;
}
