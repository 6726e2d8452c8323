namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>
/// How many permits of one grant Redis still counts as taken at a time. Only these may be spent, because Redis may have given the others to
/// another caller.
/// </summary>
/// <remarks>
/// Time counts from before the grant was asked for, so this clock is ahead of the server's. A margin allows for clocks of different speed.
/// </remarks>
internal sealed class PrefetchTerms
{
    private readonly List<Refill> _refills = [];
    private readonly TimeProvider _timeProvider;
    private long _expiresAt = long.MaxValue;

    private PrefetchTerms(TimeProvider timeProvider, long sentAt)
    {
        _timeProvider = timeProvider;
        SentAt = sentAt;
    }

    public long SentAt { get; }

    /// <summary>Until then what was not spent can go back.</summary>
    /// <remarks>
    /// Until when permits may be given back. Never for a token bucket: a return would shorten the time during which later grants rely on
    /// missing tokens. It is also not needed, because a batch has only what flows in within about a second.
    /// </remarks>
    public long ReturnableUntil { get; private set; } = long.MaxValue;

    /// <summary>Until then Redis certainly counts the whole grant.</summary>
    public long AllCountedUntil => _refills.Count == 0 ? _expiresAt : long.MinValue;

    public static PrefetchTerms Of(RateLimit limit, in RateLimitDecision answer, TimeProvider timeProvider, long sentAt)
    {
        var terms = new PrefetchTerms(timeProvider, sentAt);
        limit.SetTerms(terms, answer);
        return terms;
    }

    /// <summary>How many of the grant's permits Redis certainly still counts.</summary>
    public int CountedAt(long now)
    {
        if (now < AllCountedUntil)
        {
            return int.MaxValue;
        }

        if (now >= _expiresAt)
        {
            return 0;
        }

        var counted = (double)int.MaxValue;
        foreach (var refill in _refills)
        {
            counted = Math.Min(counted, refill.Missing - (refill.PerTimestamp * (now - SentAt)));
        }

        return Math.Max(0, (int)counted);
    }

    /// <summary>Sets how long after the grant its permits can be spent, and given back.</summary>
    public void EndAfter(TimeSpan spendable, TimeSpan returnable)
    {
        _expiresAt = Math.Min(_expiresAt, SentAt + _timeProvider.ToTimestamps(Timestamps.Certain(spendable)));
        ReturnableUntil = Math.Min(ReturnableUntil, SentAt + _timeProvider.ToTimestamps(Timestamps.Certain(returnable)));
    }

    /// <summary>Missing tokens flow in again in the order in which they were taken.</summary>
    /// <param name="resetAfter">The time after which nothing is missing.</param>
    /// <param name="interval">The nanoseconds from one permit to the next.</param>
    public void FlowInAgain(TimeSpan resetAfter, long interval)
    {
        var perMicrosecond = 1000.0 / interval;
        var perTimestamp = perMicrosecond * TimeSpan.MicrosecondsPerSecond / _timeProvider.TimestampFrequency;
        _refills.Add(new Refill((resetAfter.TotalMicroseconds - 1) * perMicrosecond, Timestamps.AtMost(perTimestamp)));
        ReturnableUntil = long.MinValue;
    }

    private readonly record struct Refill(double Missing, double PerTimestamp);
}
