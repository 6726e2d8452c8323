namespace OpenTelemetry.Trace;

/// <summary>Adds the library's spans.</summary>
public static class RedisResilienceTracerProviderBuilderExtensions
{
    /// <summary>
    /// Collects the spans of the activity source <c>RedisResilience</c>: one for each command that is sent to Redis. Do not add the
    /// client's own instrumentation, which would report the same commands again.
    /// </summary>
    /// <param name="builder">The builder of traces.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddRedisResilienceInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource("RedisResilience");
    }
}
