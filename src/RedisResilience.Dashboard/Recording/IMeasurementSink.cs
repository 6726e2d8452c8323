namespace RedisResilience.Dashboard.Recording;

/// <summary>Takes what one instrument measures. On the path of every call: it is quick, and it allocates nothing.</summary>
internal interface IMeasurementSink
{
    void Record(long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags);
}
