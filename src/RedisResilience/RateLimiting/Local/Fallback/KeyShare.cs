using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Requests;


namespace RedisResilience.RateLimiting.Local.Fallback;

/// <summary>The share of one key in this process while Redis cannot be asked.</summary>
internal sealed class KeyShare(LocalClock clock)
{
    private readonly Lock _lock = new();
    private RateLimit? _limit;
    private NodeShare? _standing;
    private RateLimit? _share;
    private Counter? _counter;
    private int _remaining;
    private int _held;
    private long _knownUntil = long.MinValue;
    private int _owed;

    /// <summary>The known limit. Null when there is none yet.</summary>
    public RateLimit? Limit => Volatile.Read(ref _limit);

    /// <summary>When Redis has last said what is left.</summary>
    public long LearnedAt { get; private set; }

    /// <summary>Whether other nodes may have taken since from what was left: something is taken, and that was said a while ago.</summary>
    public bool IsToBeRefreshed => Limit is not null && clock.Now is var now && now < Volatile.Read(ref _knownUntil)
        && now - LearnedAt >= clock.TimeProvider.TimestampFrequency / 2;

    /// <summary>Learns from an answer of Redis how many permits are left. The answer is of use until all permits are free again.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="answer">The answer of Redis.</param>
    /// <param name="held">How many permits this node holds, of a limit whose permits are held.</param>
    /// <returns>Whether permits that were taken here must still be reported to Redis.</returns>
    public bool Learn(RateLimit limit, in RateLimitDecision answer, int held = 0)
    {
        lock (_lock)
        {
            Use(limit);
            (_remaining, _held, LearnedAt) = (answer.Remaining, held, clock.Now);
            _knownUntil = LearnedAt + clock.TimeProvider.ToTimestamps(limit.KnownFor(answer));
            if (_owed == 0)
            {
                _counter = null;
            }

            return _owed > 0;
        }
    }

    public RateLimitDecision Decide(RateLimit limit, in PermitRequest request, NodeShare standing)
    {
        lock (_lock)
        {
            Use(limit);
            if (!ReferenceEquals(standing, _standing))
            {
                (_standing, _share) = (standing, limit.ShareOf(standing));
            }

            if (_share is null)
            {
                return RateLimitDecision.Uncounted(request.Unit == 0, limit, 0, DecisionSource.FailurePolicy);
            }

            var now = clock.Lately;
            var counter = BeginCounter(now);
            var left = now < _knownUntil ? standing.ShareOf(_remaining) : int.MaxValue;
            var free = Math.Min(counter.Available, left);
            var granted = free >= request.Most ? (int)request.Most : free - (free % request.Unit);
            if (!request.IsMetBy(granted))
            {
                return Answer(limit, counter, 0, free) with
                {
                    IsAllowed = false,
                    RetryAfter = left < request.Unit ? clock.Between(now, _knownUntil) : Time(counter.Wait(request.Unit)),
                };
            }

            if (granted > 0)
            {
                counter.Take(granted);
                _owed += granted;

                // The other nodes take their parts of what was left too.
                _remaining = (int)Math.Max(0, _remaining - ((long)granted * standing.Nodes));
            }

            return Answer(limit, counter, granted, free - granted);
        }
    }

    /// <summary>How many permits this process may hold at once, including those from Redis.</summary>
    public int MostHeld(RateLimit limit, NodeShare standing)
    {
        lock (_lock)
        {
            Use(limit);
            var share = standing.ShareOf(limit.Permits);
            return clock.Lately < _knownUntil ? Math.Min(share, _held + standing.ShareOf(_remaining)) : share;
        }
    }

    /// <summary>Takes the permits to report to Redis: those that were taken here and still count. The caller must report them.</summary>
    public int TakeOwed(out RateLimit? limit)
    {
        lock (_lock)
        {
            limit = _limit;
            var owed = _owed == 0 || _share is null ? 0 : Math.Min(_owed, _share.Permits - BeginCounter(clock.Lately).Available);
            _owed = 0;
            return owed;
        }
    }

    /// <summary>The report has failed.</summary>
    public void GiveBackOwed(int permits)
    {
        lock (_lock)
        {
            _owed += permits;
        }
    }

    private Counter BeginCounter(long now)
    {
        if (_counter?.IsOf(_share!) != true)
        {
            _counter = _share!.NewCounter();
        }

        _counter.Begin(_share!, clock.MicrosecondsAt(now));
        return _counter;
    }

    private void Use(RateLimit limit)
    {
        if (!ReferenceEquals(limit, _limit) && !limit.Equals(_limit))
        {
            // What is known is known of another limit.
            (_standing, _knownUntil) = (null, long.MinValue);
        }

        _limit = limit;
    }

    private static RateLimitDecision Answer(RateLimit limit, Counter counter, int granted, int remaining) => new()
    {
        IsAllowed = true,
        Granted = granted,
        Limit = limit.Permits,
        Remaining = remaining,
        ResetAfter = Time(counter.Reset),
        Source = DecisionSource.FailurePolicy,
    };

    private static TimeSpan Time(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);
}
