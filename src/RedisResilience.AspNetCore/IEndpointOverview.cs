namespace RedisResilience.AspNetCore;

/// <summary>
/// Tells which endpoints of the application are limited and cached, and by what: for dashboards, and for a test that you have forgotten
/// none.
/// </summary>
public interface IEndpointOverview
{
    /// <summary>The endpoints that have a limit or a cached response, as the options are now. Costs no round trip.</summary>
    /// <exception cref="InvalidOperationException">An endpoint asks for a policy that does not exist.</exception>
    IReadOnlyList<EndpointDescription> Endpoints { get; }
}
