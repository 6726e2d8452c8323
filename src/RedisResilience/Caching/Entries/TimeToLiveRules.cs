namespace RedisResilience.Caching.Entries;

/// <summary>The rules for times to live.</summary>
internal static class TimeToLiveRules
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static void Validate(TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeToLive, Longest);
    }

    public static TimeSpan Valid(TimeSpan value)
    {
        Validate(value);
        return value;
    }

    public static TimeSpan ValidWindow(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest);
        return value;
    }

    public static TimeSpan? ValidWindow(TimeSpan? value) => value is { } window ? ValidWindow(window) : null;

    public static bool IsAllowed(TimeSpan value) => value >= Shortest && value <= Longest;

    /// <summary>The nearest allowed time.</summary>
    public static TimeSpan Clamp(TimeSpan value) => value < Shortest ? Shortest : value > Longest ? Longest : value;
}
