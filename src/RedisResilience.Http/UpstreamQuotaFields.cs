namespace RedisResilience.Http;

/// <summary>Two header fields in which an API says how many requests are left, and until when.</summary>
/// <param name="Remaining">The field with the number of requests.</param>
/// <param name="Reset">The field with the time.</param>
/// <param name="Kind">How the time is written.</param>
public sealed record UpstreamQuotaFields(string Remaining, string Reset, UpstreamReset Kind);
