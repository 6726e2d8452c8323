namespace RedisResilience.AspNetCore;

/// <summary>What one endpoint has asked for.</summary>
/// <param name="Route">Its route, such as <c>/predictions/{symbol}</c>; its display name where it has none.</param>
/// <param name="Methods">The methods that it answers. Empty: all.</param>
/// <param name="Limits">Its rate limits. All of them hold.</param>
/// <param name="TimeToLive">How long its responses are cached. Null: they are not.</param>
public sealed record EndpointDescription(
    string Route, IReadOnlyList<string> Methods, IReadOnlyList<EndpointLimit> Limits, TimeSpan? TimeToLive);
