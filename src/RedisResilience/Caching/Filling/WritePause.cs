using RedisResilience.Gateway;

namespace RedisResilience.Caching.Filling;

/// <summary>Stops writes for a while when Redis is out of memory. Reads go on.</summary>
internal sealed class WritePause(TimeProvider timeProvider)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    private long _since = long.MinValue;

    public bool IsOn => Volatile.Read(ref _since) is var since and not long.MinValue && timeProvider.GetElapsedTime(since) < Length;

    public void Observe(Fault fault)
    {
        if (fault == Fault.OutOfMemory)
        {
            Volatile.Write(ref _since, timeProvider.GetTimestamp());
        }
    }
}
