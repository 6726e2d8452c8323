using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisResilience.AspNetCore.Health;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health check of Redis.</summary>
public static class RedisResilienceHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports healthy while Redis is in use and when none is configured, and degraded while it, or a shard of it, is away or this process
    /// has cached as many keys as it may; never unhealthy, since the service goes on
    /// without it. Costs no round trip.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name. Default: <c>redis</c>.</param>
    /// <param name="tags">Tags to filter checks by. Default: none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
    public static IHealthChecksBuilder AddRedisResilience(this IHealthChecksBuilder builder, string name = "redis", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new RedisHealthCheck(provider.GetRequiredService<IRedisStatus>(), provider.GetService<ICacheUsage>()), HealthStatus.Degraded, tags));
    }
}
