namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Times in HTTP fields are whole seconds, and a client that comes back a second too early is denied again: they are rounded up.</summary>
internal static class WholeSeconds
{
    public static long Up(TimeSpan time)
    {
        var (seconds, rest) = Math.DivRem(time.Ticks, TimeSpan.TicksPerSecond);
        return rest > 0 ? seconds + 1 : seconds;
    }
}
