namespace RedisResilience.RateLimiting;

// What makes limits: one method for each kind.
public abstract partial record RateLimit
{
    /// <summary>At most <paramref name="permits"/> in a window that opens with the key's first hit and lasts
    /// <paramref name="window"/>.</summary>
    /// <param name="permits">How many permits a window gives, 1 or more.</param>
    /// <param name="window">How long a window lasts: whole milliseconds, from 1 ms to 365 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static FixedWindow FixedWindow(int permits, TimeSpan window) => new(permits, window);

    /// <summary>
    /// At most <paramref name="permits"/> in any <paramref name="window"/>, counted by segments of the window. A segment counts until all
    /// of it is a window old.
    /// </summary>
    /// <param name="permits">How many permits any window gives, 1 or more.</param>
    /// <param name="window">How long a window lasts: whole milliseconds, from 1 ms to 365 days.</param>
    /// <param name="segments">
    /// How many segments the window has, from 1 to 60. More segments are more exact and cost more. Default: 10.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SlidingWindow SlidingWindow(int permits, TimeSpan window, int segments = 10) => new(permits, window, segments);

    /// <summary>
    /// Exactly <paramref name="permits"/> in any <paramref name="window"/>. Redis stores the time of each permit, 8 bytes each.
    /// </summary>
    /// <param name="permits">How many permits any window gives, from 1 to <see cref="SlidingLog.MaximumPermits"/>.</param>
    /// <param name="window">How long a window lasts: whole milliseconds, from 1 ms to 365 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SlidingLog SlidingLog(int permits, TimeSpan window) => new(permits, window);

    /// <summary>A bucket of <paramref name="burst"/> tokens into which <paramref name="permits"/> flow evenly every
    /// <paramref name="period"/>; a permit takes a token.</summary>
    /// <param name="permits">How many tokens flow in each period, from 1 to one a nanosecond.</param>
    /// <param name="period">The period: whole milliseconds, from 1 ms to 365 days.</param>
    /// <param name="burst">How many tokens the bucket holds, 1 or more, and no more than flow in within 365 days. Default: null, as many as
    /// <paramref name="permits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static TokenBucket TokenBucket(int permits, TimeSpan period, int? burst = null) => new(permits, period, burst ?? permits);

    /// <summary>At most <paramref name="permits"/> held at the same time, each by a <see cref="ConcurrencyLease"/> that its holder
    /// disposes.</summary>
    /// <param name="permits">How many permits may be held at once, from 1 to <see cref="Concurrency.MaximumPermits"/>.</param>
    /// <param name="leaseTime">
    /// How long a lease lasts after its process has crashed. A running process renews its leases. Whole milliseconds, from 1 s to 1 day.
    /// Default: null, 30 s.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Concurrency Concurrency(int permits, TimeSpan? leaseTime = null) =>
        new(permits, leaseTime ?? RateLimiting.Concurrency.DefaultLeaseTime);

    /// <summary>
    /// Several limits on one key in one round trip. A call is allowed when each limit allows it. It takes permits from all limits or from
    /// none.
    /// </summary>
    /// <param name="limits">From 1 to 8 limits: of any kind but <see cref="RateLimiting.Concurrency"/>. Their names tell them apart in
    /// header fields; the key has the name of the whole.</param>
    /// <exception cref="ArgumentNullException"><paramref name="limits"/> is null, or one of them is.</exception>
    /// <exception cref="ArgumentException">There are none or more than 8, or one of a kind that cannot be combined.</exception>
    public static CombinedLimit All(params RateLimit[] limits) => new(limits);

    /// <summary>At most <paramref name="permits"/> in each calendar day or month of a time zone.</summary>
    /// <param name="permits">How many permits a period gives, 1 or more.</param>
    /// <param name="period">The period.</param>
    /// <param name="timeZone">Where it begins and ends. Default: null, UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static CalendarWindow CalendarWindow(int permits, CalendarPeriod period, TimeZoneInfo? timeZone = null) =>
        new(permits, period, timeZone ?? TimeZoneInfo.Utc);
}
