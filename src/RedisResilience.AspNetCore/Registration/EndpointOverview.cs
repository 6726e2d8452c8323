using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.AspNetCore.Caching;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>Reads the limits and cached responses from the endpoints' metadata.</summary>
internal sealed class EndpointOverview(LivePolicies policies, EndpointDataSource? source = null) : IEndpointOverview
{
    public IReadOnlyList<EndpointDescription> Endpoints
    {
        get
        {
            var snapshot = policies.Current;
            return [.. (source?.Endpoints ?? []).Select(endpoint => Describe(endpoint, snapshot)).Where(IsOurs)];
        }
    }

    private static bool IsOurs(EndpointDescription description) => description.Limits.Count > 0 || description.TimeToLive is not null;

    private static EndpointDescription Describe(Endpoint endpoint, PolicySnapshot snapshot) => new(
        endpoint is RouteEndpoint { RoutePattern.RawText: { } route } ? $"/{route.TrimStart('/')}" : endpoint.DisplayName ?? "",
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [],
        [.. snapshot.LimitsOf(endpoint).Describe()],
        endpoint.Metadata.GetMetadata<CacheResponseMetadata>() is { } cached ? cached.TimeToLive ?? snapshot.TimeToLive : null);
}
