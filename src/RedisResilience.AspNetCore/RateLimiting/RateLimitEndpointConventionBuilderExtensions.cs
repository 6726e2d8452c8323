using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// Adds rate limits to endpoints and groups. All required limits apply: those of the groups around an endpoint, and its own.
/// </summary>
/// <remarks> For one policy, or limits of one name, the endpoint's cost, key and limit take precedence over those of a group. </remarks>
public static class RateLimitEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Holds each client to the default policy: the permits and the window of <see
    /// cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions"/>.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimitMetadata { Owner = builder });

    /// <summary>
    /// Holds each client to policies of <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions.AddPolicy(string,
    /// RateLimitPolicy)"/>.
    /// </summary>
    /// <remarks>
    /// All policies are asked at once. When one of them denies, the others get their permits back. The application does not start when a
    /// policy does not exist.
    /// </remarks>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="policies">The policies' names.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="policies"/> has none, or a name is null or empty.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, params string[] policies)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentOutOfRangeException.ThrowIfZero(policies.Length, nameof(policies));
        foreach (var policy in policies)
        {
            ArgumentException.ThrowIfNullOrEmpty(policy, nameof(policies));
            builder.WithMetadata(new RateLimitMetadata { PolicyName = policy, Owner = builder });
        }

        return builder;
    }

    /// <summary>Holds each client to a policy, with a fixed cost for this endpoint.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="policy">The policy's name.</param>
    /// <param name="cost">How many permits a request takes, 0 or more. It takes precedence over <see cref="RateLimitPolicy.Cost"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="policy"/> is null or empty, or <paramref name="cost"/> is negative.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, string policy, int cost)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        return builder.RequireRateLimit(policy, _ => cost);
    }

    /// <summary>Holds each client to a policy, with a cost that depends on the request.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="policy">The policy's name.</param>
    /// <param name="cost">How many permits a request takes, 0 or more. It takes precedence over <see cref="RateLimitPolicy.Cost"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="policy"/> is null or empty, or <paramref name="cost"/> is null.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, string policy, Func<HttpContext, int> cost)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        ArgumentNullException.ThrowIfNull(cost);
        return builder.WithMetadata(new RateLimitMetadata { PolicyName = policy, Cost = cost, Owner = builder });
    }

    /// <summary>
    /// Holds each client address to a limit that you pass here. A limit without a name counts only for this endpoint or group. Limits with
    /// the same name share a client's count.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="limit">The limit.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="limit"/> is null.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, RateLimit limit)
        where TBuilder : IEndpointConventionBuilder => builder.RequireRateLimit(new RateLimitPolicy(limit));

    /// <summary>Holds each client to a policy that you pass here.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="policy">The policy.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, RateLimitPolicy policy)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(policy);
        return builder.WithMetadata(new RateLimitMetadata { Policy = policy, Owner = builder });
    }

    /// <summary>Exempts an endpoint from the limits of the groups around it.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder DisableRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimitMetadata { IsDisabled = true, Owner = builder });
}
