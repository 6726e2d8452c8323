using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard;

/// <summary>What the live page shows, what it can do, and who may use it.</summary>
public sealed class RedisResilienceDashboardOptions
{
    /// <summary>
    /// Decides who may use the page, instead of the rule that only local requests may. It is called for every request; false results in a
    /// 403.
    /// </summary>
    /// <remarks>
    /// Without a filter the page answers requests that come from this machine, and requests to an endpoint with an authorization
    /// requirement (<c>RequireAuthorization</c>) that the authorization middleware has checked. With a filter, only the filter decides, in
    /// addition to any authorization that the endpoint requires.
    /// </remarks>
    /// <value>Default: null, local or authorized requests only.</value>
    public Func<HttpContext, ValueTask<bool>>? AccessFilter { get; set; }

    /// <summary>Whether the page records while nobody looks, so that a viewer sees the last five minutes at once.</summary>
    /// <remarks>When it is false, the page records from the first look until a minute after the last one, and costs nothing
    /// otherwise.</remarks>
    /// <value>Default: false.</value>
    public bool AlwaysRecords { get; set; }

    /// <summary>Whether the page shows keys as they are. They may be addresses or names of people.</summary>
    /// <value>Default: false, it shows a hash of each.</value>
    public bool ShowsKeys { get; set; }

    /// <summary>Whether the page can remove entries, tags and namespaces, and reset limits. It needs <c>AddAntiforgery()</c>.</summary>
    /// <value>Default: false.</value>
    public bool AllowsActions { get; set; }
}
