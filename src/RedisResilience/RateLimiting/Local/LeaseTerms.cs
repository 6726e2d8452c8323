namespace RedisResilience.RateLimiting.Local;

/// <summary>How many permits of one grant Redis still counts as taken, as time goes on. Only those may be spent: a forgotten permit may have been given to somebody else.</summary>
/// <remarks>
/// Time runs from before the grant was asked for, so this clock is ahead of the server's, and by a thousandth faster than its own, so that two clocks may run apart by as much.
/// </remarks>
internal sealed class LeaseTerms
{
    private const long DriftDivisor = 1024;

    private readonly List<Refill> _refills = [];
    private readonly TimeProvider _timeProvider;
    private long _expiresAt = long.MaxValue;

    private LeaseTerms(TimeProvider timeProvider, long sentAt)
    {
        _timeProvider = timeProvider;
        SentAt = sentAt;
    }

    public long SentAt { get; }

    /// <summary>At most this many of the grant's permits are certainly counted.</summary>
    public int CountedAt(long now)
    {
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

    private void ExpireAfter(TimeSpan time)
    {
        var length = _timeProvider.ToTimestamps(time);
        _expiresAt = Math.Min(_expiresAt, SentAt + length - (length / DriftDivisor));
    }

    private readonly record struct Refill(double Missing, double PerTimestamp);
}
