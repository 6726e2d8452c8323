using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>A rate limit of an endpoint.</summary>
/// <param name="Name">What metrics and header fields call it; <c>default</c> for the policy without a name.</param>
/// <param name="Limit">The limit, by which <see cref="IRateLimiter.ResetAsync"/> can forget what a key has taken. Null where it depends on
/// the request.</param>
public sealed record EndpointLimit(string Name, RateLimit? Limit);
