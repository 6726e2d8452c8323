namespace RedisResilience.AspNetCore;

/// <summary>The limits and the cached response of one endpoint.</summary>
/// <param name="Route">Its route, such as <c>/predictions/{symbol}</c>, or its display name if it has no route.</param>
/// <param name="Methods">The methods that it answers. Empty: all.</param>
/// <param name="Limits">Its rate limits. All of them hold.</param>
/// <param name="TimeToLive">How long its responses are cached. Null: they are not.</param>
public sealed record EndpointDescription(
    string Route, IReadOnlyList<string> Methods, IReadOnlyList<EndpointLimit> Limits, TimeSpan? TimeToLive);
