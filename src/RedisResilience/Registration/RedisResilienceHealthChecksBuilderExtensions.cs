using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisResilience.Health;
using RedisResilience.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health check of Redis.</summary>
public static class RedisResilienceHealthChecksBuilderExtensions
{
    /// <summary>
    /// One check for all of the application's Redis servers. It reports healthy while Redis is in use and when none is configured. It
    /// reports degraded while a Redis, or a shard of it, is away or refuses some calls, and when this process has cached as many keys as it
    /// may. It never reports unhealthy, since the service goes on without it. It costs no round trip.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name. Default: <c>redis</c>.</param>
    /// <param name="tags">Tags to filter checks by. Default: none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
    public static IHealthChecksBuilder AddRedisResilience(
        this IHealthChecksBuilder builder, string name = "redis", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new RedisHealthCheck(
                [.. provider.GetServices<RedisRegistration>().Select(redis => CheckedRedis.Of(provider, redis.Name))]),
            HealthStatus.Degraded,
            tags));
    }
}
