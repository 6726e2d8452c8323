namespace RedisResilience.Dashboard.Recording;

/// <summary>The current value of an instrument, and its largest value since the last reading.</summary>
internal sealed class Level : IMeasurementSink
{
    private long _most;

    /// <summary>The largest value since the last call.</summary>
    public long Take() => Interlocked.Exchange(ref _most, 0);

    public void Record(long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        long most;
        do
        {
            most = Volatile.Read(ref _most);
        }
        while (measurement > most && Interlocked.CompareExchange(ref _most, measurement, most) != most);
    }

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Record((long)measurement, tags);
}
