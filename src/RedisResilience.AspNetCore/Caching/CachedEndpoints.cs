using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.AspNetCore.Caching.Keys;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The endpoints of the application whose responses are cached.</summary>
internal sealed class CachedEndpoints(EndpointDataSource? source)
{
    // Endpoints come and go with their data sources.
    private readonly ConditionalWeakTable<Endpoint, CachedEndpoint> _known = [];
    private volatile Snapshot _all = new([], []);

    /// <summary>All of them.</summary>
    public CachedEndpoint[] All
    {
        get
        {
            var endpoints = source?.Endpoints ?? [];
            var all = _all;
            if (!ReferenceEquals(all.Of, endpoints))
            {
                all = _all = new(endpoints, [.. endpoints.Select(Of).OfType<CachedEndpoint>()]);
            }

            return all.Cached;
        }
    }

    /// <summary>The endpoint, if its responses are cached.</summary>
    public CachedEndpoint? Of(Endpoint endpoint) =>
        _known.TryGetValue(endpoint, out var known) ? known
        : MetadataOf(endpoint) is null ? null
        : _known.GetValue(endpoint, Create);

    private static CacheResponseMetadata? MetadataOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ICacheResponseMetadata>()?.Metadata;

    private CachedEndpoint Create(Endpoint endpoint)
    {
        var entry = MetadataOf(endpoint)!;
        var route = endpoint as RouteEndpoint;
        return new CachedEndpoint(entry, route, route is null || !entry.Key.IsMade ? "" : SiblingKey.Of(route, source?.Endpoints ?? []));
    }

    // Both are of one moment, whoever reads them.
    private sealed record Snapshot(IReadOnlyList<Endpoint> Of, CachedEndpoint[] Cached);
}
