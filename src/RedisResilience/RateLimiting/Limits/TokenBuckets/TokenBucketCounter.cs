namespace RedisResilience.RateLimiting.Limits.TokenBuckets;

/// <summary>
/// A token bucket: how much is missing until it is full, in nanoseconds of inflow, and in addition what a limit with a larger burst has
/// taken.
/// </summary>
internal sealed class TokenBucketCounter : Counter<TokenBucket>
{
    private const long Thousand = TimeSpan.TicksPerMicrosecond * TimeSpan.NanosecondsPerTick;

    // As of the last call that took, by the limit of that call; and as of now, by the limit of this one.
    private long _writtenAt;
    private TokenBucket? _writtenBy;
    private (long Missing, long Excess) _written;
    private (long Missing, long Excess) _state;

    public override int Available => (int)Math.Max(0, (Limit.Capacity - _state.Missing) / Limit.Interval);

    public override long Reset => RoundUp(_state.Missing);

    public override bool IsRepaired => _writtenAt > Now && _written != default;

    public override long Wait(int permits) => RoundUp(_state.Missing + (permits * Limit.Interval) - Limit.Capacity);

    public override void Take(int permits) => Miss(permits * Limit.Interval);

    // What may have flowed in again since it was taken stays taken.
    public override void GiveBack(int permits, ReadOnlySpan<long> takenAt) =>
        Miss(-Math.Max(0, (permits * Limit.Interval) - (Math.Max(0, Now - takenAt[0]) * Thousand)));

    protected override void OnBegin()
    {
        _state = _writtenBy is null ? default : Carry(_writtenBy);
        var passed = Math.Max(0, (Now - _writtenAt) * Thousand);
        _state = passed < _state.Missing
            ? (_state.Missing - passed, _state.Excess)
            : (0, Math.Max(0, _state.Missing + _state.Excess - passed));
    }

    private void Miss(long nanoseconds)
    {
        _state.Missing = Math.Max(0, _state.Missing + nanoseconds);
        (_writtenAt, _writtenBy, _written) = (Now, Limit, _state);
    }

    // Another limit counts tokens and not the time that they took, and no more of them than it has.
    private (long Missing, long Excess) Carry(TokenBucket by)
    {
        if (by.Interval == Limit.Interval && by.Capacity == Limit.Capacity)
        {
            return _written;
        }

        var all = _written.Missing + _written.Excess;
        if (by.Interval != Limit.Interval)
        {
            all = (long)Math.Ceiling(
                Math.Min((double)all / by.Interval * Limit.Interval, RateLimit.MaximumWindow.Ticks * (double)TimeSpan.NanosecondsPerTick));
        }

        var missing = Math.Min(all, Limit.Capacity);
        return (missing, all - missing);
    }

    private static long RoundUp(long nanoseconds) => nanoseconds <= 0 ? 0 : ((nanoseconds - 1) / Thousand) + 1;
}
