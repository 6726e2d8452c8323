using System.Runtime.CompilerServices;

namespace RedisResilience.RateLimiting.Limits;

/// <summary>The range checks of every kind of limit.</summary>
internal static class LimitRanges
{
    public static int Permits(int permits, [CallerArgumentExpression(nameof(permits))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1, name);
        return permits;
    }

    public static int Permits(int permits, int atMost, string reason, [CallerArgumentExpression(nameof(permits))] string? name = null) =>
        Permits(permits, name) <= atMost
            ? permits
            : throw new ArgumentOutOfRangeException(name, permits, $"At most {atMost} permits: {reason}.");

    /// <summary>A time of whole milliseconds within what a key may live.</summary>
    public static TimeSpan Time(
        TimeSpan time, TimeSpan atLeast, TimeSpan atMost, [CallerArgumentExpression(nameof(time))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, atLeast, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, atMost, name);
        return time.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? time
            : throw new ArgumentOutOfRangeException(name, time, "A limit's time is a whole number of milliseconds.");
    }

    public static TimeSpan Window(TimeSpan window, [CallerArgumentExpression(nameof(window))] string? name = null) =>
        Time(window, TimeSpan.FromMilliseconds(1), RateLimit.MaximumWindow, name);
}
