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

    // Where clocks are put forward at midnight, a day begins at one o'clock: the offset from before the change says when that is. Where
    // they are put back to midnight, it begins at the first of the two.
    private DateTimeOffset BeginOf(DateTime date) =>
        new DateTimeOffset(date, zone.IsAmbiguousTime(date) ? zone.GetAmbiguousTimeOffsets(date).Max() : zone.GetUtcOffset(date))
            .ToUniversalTime();
}
