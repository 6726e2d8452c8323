using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RedisResilience.AspNetCore.RateLimiting.Configured;

/// <summary>Names endpoints by their routes: <c>POST /login</c>, <c>/orders/{id}</c>, <c>/admin/*</c>, <c>/api/**</c>.</summary>
internal sealed class EndpointPattern
{
    private const string Any = "*";
    private const string Rest = "**";

    private readonly string _text;
    private readonly string? _method;
    private readonly string[] _segments;

    private EndpointPattern(string text, string? method, string[] segments) => (_text, _method, _segments) = (text, method, segments);

    /// <exception cref="ArgumentException">The text is no such pattern.</exception>
    public static EndpointPattern Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var segments = parts.Length is 1 or 2 && parts[^1].StartsWith('/') ? SegmentsOf(parts[^1]) : null;
        return segments is not null && Array.IndexOf(segments, Rest) is var rest && (rest < 0 || rest == segments.Length - 1)
            ? new EndpointPattern(text, parts.Length == 2 ? parts[0] : null, segments)
            : throw new ArgumentException(
                $"Endpoints has '{text}'; each must be a route such as /orders/{{id}}, /admin/* or /api/**, with or without a method "
                    + "before it: POST /login.");
    }

    public bool Matches(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } route } && AllowsMethod(endpoint) && MatchesRoute(SegmentsOf(route));

    public override string ToString() => _text;

    private static string[] SegmentsOf(string route) => route.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsParameter(string segment) => segment.StartsWith('{') && segment.EndsWith('}');

    private bool AllowsMethod(Endpoint endpoint) =>
        _method is null
        || endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is not { Count: > 0 } methods
        || methods.Contains(_method, StringComparer.OrdinalIgnoreCase);

    private bool MatchesRoute(string[] route)
    {
        var hasRest = _segments is [.., Rest];
        var own = hasRest ? _segments.Length - 1 : _segments.Length;
        return (hasRest ? route.Length >= own : route.Length == own)
            && _segments.Take(own).Zip(route).All(pair => MatchesSegment(pair.First, pair.Second));
    }

    // A parameter's name and its constraints are the application's own affair.
    private static bool MatchesSegment(string pattern, string segment) =>
        pattern == Any || pattern.Equals(segment, StringComparison.OrdinalIgnoreCase) || (IsParameter(pattern) && IsParameter(segment));
}
