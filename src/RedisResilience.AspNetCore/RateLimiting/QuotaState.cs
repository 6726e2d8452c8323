namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What one limit has left for one client, as the fields tell of it.</summary>
/// <param name="Fields">The limit's field items.</param>
/// <param name="Remaining">The permits that are left.</param>
/// <param name="Seconds">How long no more than those should be used, in whole seconds; 0 when the client has them all.</param>
internal readonly record struct QuotaState(RateLimitFields Fields, int Remaining, long Seconds);
