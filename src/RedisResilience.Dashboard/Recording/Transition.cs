namespace RedisResilience.Dashboard.Recording;

/// <summary>One moment at which Redis came into use or went out of use.</summary>
/// <param name="Server">The name of that Redis among the application's. Empty for the one without.</param>
/// <param name="Time">When, in milliseconds since 1970.</param>
/// <param name="IsInUse">Whether it is in use from then on.</param>
/// <param name="Reason">Why it is not, as the metrics call it. Null when it is.</param>
internal sealed record Transition(string Server, long Time, bool IsInUse, string? Reason);
