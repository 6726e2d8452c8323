using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard.Access;

/// <summary>Who may see the page: whom the application says, and until it says anything, who sits at the machine.</summary>
internal sealed class AccessRule(Func<HttpContext, ValueTask<bool>>? filter)
{
    public ValueTask<bool> AllowsAsync(HttpContext context) =>
        filter is not null ? filter(context) : new ValueTask<bool>(IsAuthorized(context) || LocalRequests.IsLocal(context.Request));

    /// <summary>Whether the authorization middleware has let the request pass by a rule of this endpoint's. The framework fails requests
    /// for which it should have run and has not.</summary>
    private static bool IsAuthorized(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<IAuthorizationRequirementData>() is not null)
        && metadata.GetMetadata<IAllowAnonymous>() is null;
}
