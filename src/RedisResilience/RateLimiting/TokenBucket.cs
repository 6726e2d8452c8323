using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Limits.TokenBuckets;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>
/// A bucket into which tokens flow evenly. Each permit takes one token. This is the generic cell rate algorithm (ITU-T I.371).
/// </summary>
/// <remarks>
/// In any time t, the bucket allows at most <see cref="Burst"/> permits plus the tokens that flow in within t. If you want "never more than
/// L in any window", choose a burst and a rate that together give L, or use a <see cref="SlidingWindow"/>. The time between two tokens is a
/// whole number of nanoseconds, rounded up, so the bucket never fills faster than you asked for.
/// </remarks>
public sealed record TokenBucket : RateLimit
{
    // Beyond this many nanoseconds (104 days) only even numbers are numbers in Lua: there, a token takes a whole number of microseconds.
    private const long LargestExact = 1L << 53;
    private const long Coarse = 1000;

    private static readonly RedisScript BucketScript = RedisScript.Load<TokenBucketCounter>("TokenBucketState", nameof(TokenBucket));
    private static readonly PartScript PartScript = PartScript.Load<TokenBucketCounter>(nameof(TokenBucket));

    internal TokenBucket(int permits, TimeSpan period, int burst)
    {
        PermitsPerPeriod = LimitRanges.Permits(permits);
        Period = LimitRanges.Window(period);
        Burst = LimitRanges.Permits(burst);
        var nanoseconds = period.Ticks * TimeSpan.NanosecondsPerTick;
        if (permits > nanoseconds)
        {
            throw new ArgumentOutOfRangeException(nameof(permits), permits, "A bucket fills by at most one token a nanosecond.");
        }

        if ((Int128)burst * nanoseconds / permits > MaximumWindow.Ticks * TimeSpan.NanosecondsPerTick)
        {
            throw new ArgumentOutOfRangeException(nameof(burst), burst, "The bucket would take more than 365 days to fill.");
        }

        Interval = RoundUp(nanoseconds, permits);
        if (Interval * burst > LargestExact)
        {
            Interval = RoundUp(Interval, Coarse) * Coarse;
        }

        Capacity = Interval * burst;
        Parameters = new ScriptConstants(Interval, Capacity);
        Window = TimeSpan.FromTicks((long)((((Int128)burst * period.Ticks) + permits - 1) / permits));
    }

    /// <summary>How many tokens the bucket holds: the same as <see cref="Burst"/>.</summary>
    public override int Permits => Burst;

    /// <summary>How many tokens flow in each <see cref="Period"/>.</summary>
    public int PermitsPerPeriod { get; }

    /// <summary>The time in which <see cref="PermitsPerPeriod"/> tokens flow in.</summary>
    public TimeSpan Period { get; }

    /// <summary>How many tokens the bucket holds.</summary>
    public int Burst { get; }

    /// <summary>The time in which an empty bucket fills.</summary>
    public override TimeSpan Window { get; }

    /// <summary>The time from one token to the next, in nanoseconds.</summary>
    internal long Interval { get; }

    /// <summary>The time in which an empty bucket fills, in nanoseconds.</summary>
    internal long Capacity { get; }

    internal override RedisScript Script => BucketScript;

    internal override ScriptConstants Parameters { get; }

    internal override bool CanBook => true;

    // What is taken ahead and not spent comes back by flowing in again.
    internal override int ComeBackWithin(TimeSpan time) => (int)Math.Min(int.MaxValue, time.Ticks * TimeSpan.NanosecondsPerTick / Interval);

    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant) => terms.FlowInAgain(grant.ResetAfter, Interval);

    // All that flows in may be what was taken here, and then it is there again: others may have given back what was missing before it.
    internal override long TimeForReturn(long takenAt, long resetAfter) => takenAt;

    // A part of the rate as well: the same tokens in so many times the period. That is within its range for all but periods of months.
    internal override RateLimit? ShareOf(NodeShare node)
    {
        var period = Period * node.Nodes;
        return node.ShareOf(Burst) is > 0 and var burst
            ? new TokenBucket(PermitsPerPeriod, period < MaximumWindow ? period : MaximumWindow, burst)
            : null;
    }

    internal override CombinedPart ToPart() => new(4, Interval, Capacity, 0, PartScript);

    internal override Counter NewCounter() => new TokenBucketCounter();

    private static long RoundUp(long number, long divisor) => ((number - 1) / divisor) + 1;
}
