using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard;

/// <summary>What the live page shows and does, and for whom.</summary>
public sealed class RedisResilienceDashboardOptions
{
    /// <summary>Who may use the page, in place of the rule that only local requests may. It is asked on every request; false answers
    /// 403.</summary>
    /// <value>
    /// Default: null. Requests are then answered if they come from this machine, or if the endpoint has an authorization requirement
    /// (<c>RequireAuthorization</c>) that the authorization middleware has checked. With a filter of its own, the page asks that alone,
    /// beside whatever authorization the endpoint requires.
    /// </value>
    public Func<HttpContext, ValueTask<bool>>? AccessFilter { get; set; }

    /// <summary>Whether the page records while nobody looks, so that it shows the last five minutes to whoever comes.</summary>
    /// <value>Default: false. It then records from the first look on, until a minute after the last one, and costs nothing
    /// otherwise.</value>
    public bool AlwaysRecords { get; set; }

    /// <summary>Whether the page shows keys as they are. They may be addresses or names of people.</summary>
    /// <value>Default: false, it shows a hash of each.</value>
    public bool ShowsKeys { get; set; }

    /// <summary>Whether the page can remove entries, tags and namespaces, and reset limits. It needs <c>AddAntiforgery()</c>.</summary>
    /// <value>Default: false.</value>
    public bool AllowsActions { get; set; }
}
