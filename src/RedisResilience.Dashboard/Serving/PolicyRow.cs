namespace RedisResilience.Dashboard.Serving;

/// <summary>A configured limit, in words.</summary>
/// <param name="Name">Its name in metrics and header fields.</param>
/// <param name="Limit">What it allows.</param>
/// <param name="WithoutRedis">What a call gets when Redis cannot answer.</param>
/// <param name="CanReset">Whether it is one limit for all requests, so that a key's count can be forgotten.</param>
internal sealed record PolicyRow(string Name, string Limit, string WithoutRedis, bool CanReset);
