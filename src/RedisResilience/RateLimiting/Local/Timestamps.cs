namespace RedisResilience.RateLimiting.Local;

/// <summary>Lengths of time in the unit of <see cref="TimeProvider.GetTimestamp"/>: comparing two of those is the cheapest monotonic clock there is.</summary>
internal static class Timestamps
{
    public static long ToTimestamps(this TimeProvider timeProvider, TimeSpan time) =>
        (long)((Int128)time.Ticks * timeProvider.TimestampFrequency / TimeSpan.TicksPerSecond);
}
