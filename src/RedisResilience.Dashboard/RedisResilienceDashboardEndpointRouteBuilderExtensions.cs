using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.Dashboard;
using RedisResilience.Dashboard.Serving;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the live page to an application.</summary>
public static class RedisResilienceDashboardEndpointRouteBuilderExtensions
{
    /// <summary>Maps a page that shows, second by second, whether Redis is in use, who decides, what the cache answers and how long callers
    /// wait.</summary>
    /// <remarks>
    /// The defaults are safe. The page answers only requests from this machine, unless you call <c>RequireAuthorization</c> on the result
    /// or set an <see cref="RedisResilienceDashboardOptions.AccessFilter"/>. It shows no keys, bodies or secrets, and changes nothing. It
    /// costs nothing while nobody looks.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path of the page. Its files are below it.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The endpoints of the page, for conventions such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddRedisResilience</c> was not called, or actions are allowed and
    /// <c>AddAntiforgery</c> was not called.</exception>
    public static IEndpointConventionBuilder MapRedisResilienceDashboard(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/redis",
        Action<RedisResilienceDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new RedisResilienceDashboardOptions();
        configure?.Invoke(options);
        var group = endpoints.MapGroup(pattern);
        new LivePage(endpoints.ServiceProvider, options).Map(group);
        return group.ExcludeFromDescription().WithDisplayName(endpoint => $"{endpoint.DisplayName} (RedisResilience dashboard)");
    }
}
