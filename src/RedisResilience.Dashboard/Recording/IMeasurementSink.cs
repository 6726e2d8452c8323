namespace RedisResilience.Dashboard.Recording;

/// <summary>Takes the measurements of one instrument. It runs during every call, so it must be quick and allocate nothing.</summary>
internal interface IMeasurementSink
{
    void Record(long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags);
}
