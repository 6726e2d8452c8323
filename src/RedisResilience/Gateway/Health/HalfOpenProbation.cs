namespace RedisResilience.Gateway.Health;

/// <summary>
/// How long Redis must answer the probe without a gap before callers use it again. After a first outage the time is zero. It grows each
/// time that Redis goes away again soon and callers have waited in vain. Without this trial, callers would wait for one deadline each time
/// that an unstable server goes away.
/// </summary>
internal sealed class HalfOpenProbation(TimeProvider timeProvider)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    // A lost connection costs callers nothing: it is only not to be told and repaired many times a second.
    private static readonly TimeSpan Breather = TimeSpan.FromMilliseconds(500);

    /// <summary>After Redis has been in use for this many times the last trial for which callers had waited, it is trusted again.</summary>
    private const int TrialsToSettle = 10;

    private readonly Lock _lock = new();
    private int _relapses;
    private TimeSpan _length;
    private bool _hadOutage;
    private long? _began;
    private long? _closed;

    /// <summary>The circuit has opened.</summary>
    /// <param name="wasWaitedFor">Whether callers have waited for Redis in vain, instead of learning at once that it is away.</param>
    public void Open(bool wasWaitedFor)
    {
        lock (_lock)
        {
            // Before it was ever in use, nobody has been let down.
            if (_closed is not { } closed)
            {
                return;
            }

            var isRelapse = _hadOutage && timeProvider.GetElapsedTime(closed) < TrialsToSettle * LengthAfter(_relapses);
            _relapses = !isRelapse ? 0 : wasWaitedFor ? _relapses + 1 : _relapses;
            _length = !isRelapse ? TimeSpan.Zero : Jitter(wasWaitedFor ? LengthAfter(_relapses) : Breather);
            _hadOutage = true;
            _closed = null;
            _began = null;
        }
    }

    /// <summary>The probe got no answer, so the trial starts again.</summary>
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

    private static TimeSpan LengthAfter(int relapses)
    {
        var length = Shortest * Math.Pow(2, Math.Clamp(relapses - 1, 0, 6));
        return length < Longest ? length : Longest;
    }

    // So that the processes of a deployment do not all come back at once.
    private static TimeSpan Jitter(TimeSpan length) => length * (0.5 + (Random.Shared.NextDouble() / 2));
}
