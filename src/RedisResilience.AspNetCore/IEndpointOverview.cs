namespace RedisResilience.AspNetCore;

/// <summary>
/// Lists the endpoints of the application that are limited or cached. Use it for a dashboard, or in a test that no endpoint is missing.
/// </summary>
public interface IEndpointOverview
{
    /// <summary>The endpoints that have a limit or a cached response, as the options are now. Costs no round trip.</summary>
    /// <exception cref="InvalidOperationException">An endpoint asks for a policy that does not exist.</exception>
    IReadOnlyList<EndpointDescription> Endpoints { get; }
}
