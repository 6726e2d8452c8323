using RedisResilience;
using RedisResilience.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to a Redis that <c>AddRedisResilience</c> has registered.</summary>
public static class RedisResilienceBuilderExtensions
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Lets the host start only with Redis: the start waits for it, and fails with an <see cref="InvalidOperationException"/> that says why
    /// when it is not there in
    /// time, or when none is configured. Without this, which is the default, an application starts and serves without Redis.
    /// </summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="within">How long to wait. Default: 10 s.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="builder"/> was not made by <c>AddRedisResilience</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="within"/> is not positive.</exception>
    public static IRedisResilienceBuilder RequireRedis(this IRedisResilienceBuilder builder, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within ?? DefaultPatience, TimeSpan.Zero, nameof(within));
        if (builder is not RedisResilienceBuilder own)
        {
            throw new ArgumentException("The builder is not one that AddRedisResilience has returned.", nameof(builder));
        }

        own.Registration.RequiredWithin = within ?? DefaultPatience;
        return builder;
    }
}
