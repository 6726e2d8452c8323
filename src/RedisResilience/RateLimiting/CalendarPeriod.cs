namespace RedisResilience.RateLimiting;

/// <summary>The periods of a <see cref="CalendarWindow"/>.</summary>
public enum CalendarPeriod
{
    /// <summary>From midnight to midnight.</summary>
    Day = 0,

    /// <summary>From the first of a month to the first of the next.</summary>
    Month = 1,
}
