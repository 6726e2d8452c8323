namespace OpenTelemetry.Metrics;

/// <summary>Adds the library's metrics.</summary>
public static class RedisResilienceMeterProviderBuilderExtensions
{
    /// <summary>Collects the metrics of the meter <c>RedisResilience</c>.</summary>
    /// <param name="builder">The builder of metrics.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static MeterProviderBuilder AddRedisResilienceInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter("RedisResilience");
    }
}
