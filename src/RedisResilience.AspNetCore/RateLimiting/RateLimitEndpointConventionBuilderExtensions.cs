using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Gives endpoints and groups of them a rate limit. The word nearest to the endpoint counts.</summary>
public static class RateLimitEndpointConventionBuilderExtensions
{
    /// <summary>Holds each client to the default policy: the permits and the window of <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions"/>.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(RateLimitMetadata.Default);

    /// <summary>Holds each client to a policy of <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions.AddPolicy"/>. One that does not exist stops the start.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="policy">The policy's name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="policy"/> is null or empty.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, string policy)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        return builder.WithMetadata(new RateLimitMetadata { PolicyName = policy });
    }

    /// <summary>Holds each client address to a limit that stands at the endpoint. Limits of the same name, and all without one, share a client's count.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="limit">The limit.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="limit"/> is null.</exception>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, RateLimit limit)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(limit);
        return builder.WithMetadata(new RateLimitMetadata { Policy = new RateLimitPolicy(limit) });
    }

    /// <summary>Takes an endpoint out of the limit of a group around it.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder DisableRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(RateLimitMetadata.Disabled);
}
