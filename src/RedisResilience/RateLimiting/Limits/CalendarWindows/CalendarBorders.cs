namespace RedisResilience.RateLimiting.Limits.CalendarWindows;

/// <summary>Two borders of a calendar, one after the other.</summary>
/// <param name="From">Since when <paramref name="First"/> is the next border.</param>
/// <param name="First">A border.</param>
/// <param name="Second">The one after it.</param>
internal sealed record CalendarBorders(DateTimeOffset From, DateTimeOffset First, DateTimeOffset Second)
{
    /// <summary>Whether <see cref="First"/> is the border that follows a moment.</summary>
    public bool Follow(DateTimeOffset moment) => moment >= From && moment < First;
}
