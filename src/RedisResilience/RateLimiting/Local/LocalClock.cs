namespace RedisResilience.RateLimiting.Local;

/// <summary>
/// Timestamps for local answers. Reading the exact clock costs more than the rest of such an answer. So times that are far away are judged
/// by the system's coarse clock, which has ticks of 1 to 16 ms and takes a fifth of that time to read.
/// </summary>
internal sealed class LocalClock(TimeProvider timeProvider)
{
    // A computer that stands still for longer than this between two ticks has missed much else.
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(1);

    private readonly bool _isSystem = ReferenceEquals(timeProvider, TimeProvider.System);
    private readonly long _far = timeProvider.ToTimestamps(Far);
    private readonly DateTimeOffset _startedAt = timeProvider.GetUtcNow();
    private readonly long _started = timeProvider.GetTimestamp();
    private readonly double _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / timeProvider.TimestampFrequency;

    // A pair that is read and written as one: odd while it is being written.
    private long _version;
    private long _tick = long.MinValue;
    private long _timestamp;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Exactly now.</summary>
    public long Now => timeProvider.GetTimestamp();

    /// <summary>The current time, at most one tick of the coarse clock late and never early.</summary>
    public long Lately
    {
        get
        {
            if (!_isSystem)
            {
                return Now;
            }

            var tick = Environment.TickCount64;
            var version = Volatile.Read(ref _version);
            var (seen, timestamp) = (Volatile.Read(ref _tick), Volatile.Read(ref _timestamp));
            return seen == tick && (version & 1) == 0 && Volatile.Read(ref _version) == version ? timestamp : Look(tick, version);
        }
    }

    /// <summary>
    /// The time, exact enough to decide whether <paramref name="moment"/> has come: exact if that is near, otherwise coarse.
    /// </summary>
    public long NowFor(long moment)
    {
        var lately = Lately;
        return moment > lately + _far ? lately : Now;
    }

    /// <summary>A timestamp in microseconds since 1970, by the time of day at which this process began: no step of the clock moves
    /// it.</summary>
    public long MicrosecondsAt(long timestamp) =>
        (_startedAt + Between(_started, timestamp) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public TimeSpan Between(long early, long late) => new((long)((late - early) * _ticksPerTimestamp));

    private long Look(long tick, long version)
    {
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return Now;
        }

        var now = Now;
        Volatile.Write(ref _timestamp, now);
        Volatile.Write(ref _tick, tick);
        Volatile.Write(ref _version, version + 2);
        return now;
    }
}
