namespace RedisResilience.Dashboard.Recording;

/// <summary>How long callers waited for Redis. The probe is not measured, because no caller waits for it.</summary>
internal sealed class CommandTimes : IMeasurementSink
{
    private readonly LatencyHistogram _times = new();

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _times.Record(measurement);

    public void Record(long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Record((double)measurement, tags);

    /// <summary>The measurements since the last call.</summary>
    public Latency Take() => _times.Take();
}
