namespace RedisResilience.Diagnostics;

/// <summary>A call that the rate limiter has denied.</summary>
/// <param name="Key">The key that the caller gave, such as a client's address. It may be personal data.</param>
/// <param name="Policy">The limit's name. Null when it has none.</param>
/// <param name="RetryAfter">How long the caller should wait before it asks again.</param>
public readonly record struct DeniedCall(string Key, string? Policy, TimeSpan RetryAfter);
