namespace RedisResilience.Gateway.Health;

/// <summary>
/// How long Redis must answer the probe without a gap before callers are sent to it again: not at all after a first outage, and longer each time that
/// it has gone away again soon. Otherwise a server that comes and goes would make callers wait for one deadline each time.
/// </summary>
internal sealed class Trial(TimeProvider timeProvider)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>In use for so many times the last trial, Redis has proved itself.</summary>
    private const int TrialsToSettle = 10;

    private readonly Lock _lock = new();
    private int _relapses;
    private TimeSpan _length;
    private bool _hadOutage;
    private long? _began;
    private long? _closed;

    /// <summary>The circuit has opened.</summary>
    public void Open()
    {
        lock (_lock)
        {
            // Before it was ever in use, nobody has been let down.
            if (_closed is not { } closed)
            {
                return;
            }

            var settled = TrialsToSettle * (_length > Shortest ? _length : Shortest);
            _relapses = _hadOutage && timeProvider.GetElapsedTime(closed) < settled ? _relapses + 1 : 0;
            _length = LengthAfter(_relapses);
            _hadOutage = true;
            _closed = null;
            _began = null;
        }
    }

    /// <summary>The probe had no answer: it begins anew.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            _began = null;
        }
    }

    /// <summary>The probe had an answer. True when there has been no gap for long enough.</summary>
    public bool Pass()
    {
        lock (_lock)
        {
            _began ??= timeProvider.GetTimestamp();
            return timeProvider.GetElapsedTime(_began.Value) >= _length;
        }
    }

    /// <summary>The circuit has closed.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = timeProvider.GetTimestamp();
        }
    }

    // Jitter, so that the processes of a deployment do not all come back at once.
    private static TimeSpan LengthAfter(int relapses)
    {
        if (relapses == 0)
        {
            return TimeSpan.Zero;
        }

        var full = Shortest * Math.Pow(2, Math.Min(relapses - 1, 6));
        return (full < Longest ? full : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
