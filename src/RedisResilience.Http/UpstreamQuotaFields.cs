namespace RedisResilience.Http;

/// <summary>Two fields by which an API says how many requests it has left, and until when.</summary>
/// <param name="Remaining">The field with the number of requests.</param>
/// <param name="Reset">The field with the time.</param>
/// <param name="Kind">How the time is written.</param>
public sealed record UpstreamQuotaFields(string Remaining, string Reset, UpstreamReset Kind);
