namespace RedisResilience.Dashboard.Recording;

/// <summary>An instrument that says how things stand: the last word counts.</summary>
internal sealed class Level : IMeasurementSink
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Record(long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Volatile.Write(ref _value, measurement);

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Record((long)measurement, tags);
}
