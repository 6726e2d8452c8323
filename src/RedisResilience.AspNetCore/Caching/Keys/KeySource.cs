using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>What a key is made from: a request, or the address of one that is not here.</summary>
internal readonly struct KeySource
{
    private readonly IQueryCollection? _query;

    public KeySource(HttpContext context)
    {
        Context = context;
        Values = context.Request.RouteValues;
        Host = context.Request.Host;
        PathBase = context.Request.PathBase;
    }

    /// <param name="context">
    /// A request for another resource, whose fields and functions are this one's too; null when there is none.
    /// </param>
    /// <param name="values">The route values.</param>
    /// <param name="host">The host that the resource is asked of.</param>
    /// <param name="pathBase">The path that the application stands under.</param>
    /// <param name="query">The query.</param>
    public KeySource(HttpContext? context, RouteValueDictionary values, HostString host, PathString pathBase, IQueryCollection query)
    {
        Context = context;
        Values = values;
        Host = host;
        PathBase = pathBase;
        _query = query;
    }

    public HttpContext? Context { get; }

    public RouteValueDictionary Values { get; }

    public HostString Host { get; }

    public PathString PathBase { get; }

    public bool HasQuery => _query is { Count: > 0 } || (_query is null && Context!.Request.QueryString.HasValue);

    public IQueryCollection Query => _query ?? Context!.Request.Query;
}
