using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Tallies;

namespace RedisResilience.RateLimiting;

/// <summary>A bucket of tokens that fills evenly; a permit takes a token. Kept as the generic cell rate algorithm (ITU-T I.371): one integer, the time when the bucket will be full.</summary>
/// <remarks>
/// In any time t at most <see cref="Burst"/> plus the tokens that flow in within t. For "never more than L in any window" choose a burst and a rate that
/// together give L, or a <see cref="SlidingWindow"/>. A token takes a whole number of nanoseconds, rounded up: the bucket never fills faster than asked for.
/// </remarks>
public sealed record TokenBucket : RateLimit
{
    // Beyond this many nanoseconds (104 days) only even numbers are numbers in Lua: there, a token takes a whole number of microseconds.
    private const long LargestExact = 1L << 53;
    private const long Coarse = 1000;

    private static readonly RedisScript BucketScript = RedisScript.Load<TokenBucket>(nameof(TokenBucket));

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
    }

    /// <summary>How many tokens the bucket holds: the same as <see cref="Burst"/>.</summary>
    public override int Permits => Burst;

    /// <summary>How many tokens flow in each <see cref="Period"/>.</summary>
    public int PermitsPerPeriod { get; }

    /// <summary>The time in which <see cref="PermitsPerPeriod"/> tokens flow in.</summary>
    public TimeSpan Period { get; }

    /// <summary>How many tokens the bucket holds.</summary>
    public int Burst { get; }

    /// <summary>The time from one token to the next, in nanoseconds.</summary>
    internal long Interval { get; }

    /// <summary>The time in which an empty bucket fills, in nanoseconds.</summary>
    internal long Capacity { get; }

    internal override RedisScript Script => BucketScript;

    internal override ScriptConstants Parameters { get; }

    internal override bool CanBook => true;

    internal override Counter NewTally() => new TokenBucketCounter();

    private static long RoundUp(long number, long divisor) => ((number - 1) / divisor) + 1;
}
