namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>
/// Times in HTTP fields are whole seconds, and a client that comes back a second too early is denied again: they are rounded up.
/// </summary>
internal static class WholeSeconds
{
    public static long Up(TimeSpan time)
    {
        var (seconds, rest) = Math.DivRem(time.Ticks, TimeSpan.TicksPerSecond);
        return rest > 0 ? seconds + 1 : seconds;
    }

    /// <summary>When a denied client should come back: at least 1, for 0 would be at once.</summary>
    public static long RetryAfter(TimeSpan time) => Math.Max(1, Up(time));
}
