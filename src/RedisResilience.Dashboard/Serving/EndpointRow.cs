namespace RedisResilience.Dashboard.Serving;

/// <summary>An endpoint that is limited or cached.</summary>
/// <param name="Route">Its route.</param>
/// <param name="Methods">The methods that it answers, empty for all.</param>
/// <param name="Policies">The names of its limits.</param>
/// <param name="Seconds">How long its responses are cached. Null: they are not.</param>
internal sealed record EndpointRow(string Route, string Methods, string[] Policies, double? Seconds);
