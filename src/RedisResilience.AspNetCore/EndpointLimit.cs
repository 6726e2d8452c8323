using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>A rate limit of an endpoint.</summary>
/// <param name="Name">Its name in metrics and header fields. <c>default</c> for the policy without a name.</param>
/// <param name="Limit">
/// The limit. Pass it to <see cref="IRateLimiter.ResetAsync"/> to delete the count of a key. Null when the limit depends on the request.
/// </param>
public sealed record EndpointLimit(string Name, RateLimit? Limit);
