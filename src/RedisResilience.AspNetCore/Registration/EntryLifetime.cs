namespace RedisResilience.AspNetCore.Registration;

/// <summary>How long the cache lets an entry live: 1 ms to 365 days.</summary>
internal static class EntryLifetime
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static bool IsAllowed(TimeSpan time) => time >= Shortest && time <= Longest;

    /// <exception cref="ArgumentOutOfRangeException">The time is not allowed.</exception>
    public static TimeSpan Valid(TimeSpan time, string name) =>
        IsAllowed(time) ? time : throw new ArgumentOutOfRangeException(name, time, "The time must be from 1 ms to 365 days.");

    /// <summary>The nearest allowed time.</summary>
    public static TimeSpan Limit(TimeSpan time) => Limit(time, Shortest);

    /// <summary>
    /// The time, or the nearest that is not shorter than <paramref name="shortest"/> and not longer than an entry may live.
    /// </summary>
    public static TimeSpan Limit(TimeSpan time, TimeSpan shortest) => time < shortest ? shortest : time > Longest ? Longest : time;
}
