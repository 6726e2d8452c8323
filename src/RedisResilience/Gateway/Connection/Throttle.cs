namespace RedisResilience.Gateway.Connection;

/// <summary>Allows an action at most once in an interval.</summary>
internal sealed class Throttle(TimeSpan interval, TimeProvider timeProvider)
{
    private long _last = long.MinValue;

    /// <summary>True for the caller who may act.</summary>
    public bool TryPass()
    {
        var last = Interlocked.Read(ref _last);
        var now = timeProvider.GetTimestamp();
        return (last == long.MinValue || timeProvider.GetElapsedTime(last, now) >= interval)
            && Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}
