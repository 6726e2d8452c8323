namespace RedisResilience.RateLimiting.Local;

/// <summary>
/// Converts times to the unit of <see cref="TimeProvider.GetTimestamp"/>. Comparing two timestamps is the cheapest way to use a monotonic
/// clock.
/// </summary>
internal static class Timestamps
{
    // Two computers' clocks may run apart by a thousandth, a clock that is being set included (ntpd slews by at most half of that).
    private const long DriftDivisor = 1024;

    public static long ToTimestamps(this TimeProvider timeProvider, TimeSpan time) =>
        (long)((Int128)time.Ticks * timeProvider.TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>A time that is certainly not over on another clock before the given time is over on ours.</summary>
    public static TimeSpan Certain(TimeSpan time) => time - TimeSpan.FromTicks(Math.Abs(time.Ticks) / DriftDivisor);

    /// <summary>The longest time that can have passed on another clock when the given time has passed on ours.</summary>
    public static double AtMost(double time) => time + (time / DriftDivisor);
}
