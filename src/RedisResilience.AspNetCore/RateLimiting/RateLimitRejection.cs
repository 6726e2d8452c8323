using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A request that a limit denies, as <see cref="RedisResilienceHttpOptions.OnRejected"/> hears of it.</summary>
/// <param name="HttpContext">
/// The request, and its response with status and fields: both may be changed. Whoever starts the response writes all of it; else a problem is written where the client accepts one.
/// </param>
/// <param name="PolicyName">The policy's name; <c>default</c> for one without.</param>
/// <param name="Key">Who is denied, as it stands in Redis: an address, a user, or a hash.</param>
/// <param name="Decision">The decision.</param>
public sealed record RateLimitRejection(HttpContext HttpContext, string PolicyName, string Key, RateLimitDecision Decision);
