namespace RedisResilience.Dashboard.Serving;

/// <summary>One of the application's further Redis servers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">The state, as for the first server.</param>
/// <param name="Reason">Why it is not in use.</param>
/// <param name="RoundTrip">The smoothed round trip, in milliseconds.</param>
internal sealed record ServerRow(string Name, string State, string? Reason, double? RoundTrip);
