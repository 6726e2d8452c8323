namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary> Rounds times in HTTP fields up to whole seconds, because a client that comes back too early is denied again. </summary>
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
