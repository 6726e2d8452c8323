using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds policies that count in Redis to the platform's own rate limiting middleware.</summary>
public static class RedisRateLimiterOptionsExtensions
{
    /// <summary>Adds a policy for endpoints with <c>RequireRateLimiting(policyName)</c>.</summary>
    /// <param name="options">The options of <c>AddRateLimiter</c>.</param>
    /// <param name="policyName">The policy's name. It becomes the limit's <see cref="RateLimit.Name"/>, unless the limit has one.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="key">Who is limited: see <see cref="RateLimitPolicy.Key"/>.</param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="options"/>, <paramref name="policyName"/> or <paramref name="limit"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">The name is not a limit's name, or taken.</exception>
    public static RateLimiterOptions AddRedisPolicy(
        this RateLimiterOptions options, string policyName, RateLimit limit, Func<HttpContext, string?>? key = null) =>
        options.AddRedisPolicy(policyName, new RateLimitPolicy(limit) { Key = key });

    /// <summary>Adds a policy for endpoints with <c>RequireRateLimiting(policyName)</c>.</summary>
    /// <remarks>
    /// Unless <see cref="RateLimiterOptions.OnRejected"/> is set, a denied request gets 429 with Retry-After, the RateLimit fields and a
    /// problem document, or 503
    /// when it was denied only because Redis is away. Allowed requests get no fields: those are for <c>UseRedisResilience</c> and
    /// <c>RequireRateLimit</c>.
    /// <see cref="IRateLimiter"/> comes from <c>AddRedisResilience</c>.
    /// </remarks>
    /// <param name="options">The options of <c>AddRateLimiter</c>.</param>
    /// <param name="policyName">The policy's name. It becomes the limit's <see cref="RateLimit.Name"/>, unless the limit has one.</param>
    /// <param name="policy">The policy.</param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is not a limit's name, or taken.</exception>
    public static RateLimiterOptions AddRedisPolicy(this RateLimiterOptions options, string policyName, RateLimitPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(policyName);
        ArgumentNullException.ThrowIfNull(policy);
        return options.AddPolicy(policyName, new PlatformPolicy(options, policyName, policy));
    }
}
