namespace RedisResilience.RateLimiting.Limits.CalendarWindows;

/// <summary>The borders between the days or months of a time zone.</summary>
internal sealed class Calendar(CalendarPeriod period, TimeZoneInfo zone)
{
    private volatile CalendarBorders? _last;

    /// <summary>The border that follows a moment, and the one after it.</summary>
    public CalendarBorders After(DateTimeOffset moment)
    {
        var last = _last;
        if (last?.Follow(moment) != true)
        {
            var first = Next(moment);
            _last = last = new CalendarBorders(moment, first, Next(first));
        }

        return last;
    }

    private DateTimeOffset Next(DateTimeOffset moment)
    {
        var date = TimeZoneInfo.ConvertTime(moment, zone).Date;
        var start = period == CalendarPeriod.Day ? date : date.AddDays(1 - date.Day);
        DateTimeOffset border;
        do
        {
            start = period == CalendarPeriod.Day ? start.AddDays(1) : start.AddMonths(1);
            border = BeginOf(start);
        }
        while (border <= moment);
        return border;
    }

    // Where clocks are put forward at midnight, a day begins at one o'clock; where they are put back to midnight, at the first of the two.
    // Only moments are asked for their local time: for a local time that is none, or two, the platform takes the wrong side in zones that
    // have changed their standard time.
    private DateTimeOffset BeginOf(DateTime date)
    {
        var midnight = new DateTimeOffset(date, TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(midnight.AddDays(-1)), zone.GetUtcOffset(midnight.AddDays(1)));
        var (first, second) = (midnight - (before > after ? before : after), midnight - (before > after ? after : before));
        return Begins(date, first) ? first : second;
    }

    private bool Begins(DateTime date, DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, zone).DateTime >= date && TimeZoneInfo.ConvertTime(moment.AddTicks(-1), zone).DateTime < date;
}
