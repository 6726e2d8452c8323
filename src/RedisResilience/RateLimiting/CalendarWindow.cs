using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.CalendarWindows;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>A number of permits in each day or month of a time zone: a plan that is paid by the month.</summary>
/// <remarks>
/// One period never allows more than the permits. Around the border of two periods, at most twice as many pass in a time as long as one
/// period. The server's clock says which period it is, and the calendar of the process that asks says where the periods end. The two
/// clocks may differ by half a period. Beyond that, daylight saving time and the lengths of months have no effect.
/// </remarks>
public sealed record CalendarWindow : RateLimit
{
    private static readonly RedisScript WindowScript =
        RedisScript.Load<CalendarWindowCounter>("CalendarWindowState", nameof(CalendarWindow));

    private static readonly PartScript PartScript = PartScript.Load<CalendarWindowCounter>(nameof(CalendarWindow));

    // The calendar ends with the year 9999. Its last months go on in steps of the same length, here as in the script.
    private static readonly DateTimeOffset LastKnown = new(9999, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Calendar _calendar;

    internal CalendarWindow(int permits, CalendarPeriod period, TimeZoneInfo timeZone)
    {
        Permits = LimitRanges.Permits(permits);
        Period = Enum.IsDefined(period)
            ? period
            : throw new ArgumentOutOfRangeException(nameof(period), period, "It must be a day or a month.");
        TimeZone = timeZone;
        _calendar = new Calendar(period, timeZone);
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>The period.</summary>
    public CalendarPeriod Period { get; }

    /// <summary>The time zone in which periods begin and end. With daylight saving time, one day has 23 hours and one has 25.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>The longest period: a day or 31 days, and an hour more where clocks are put back.</summary>
    public override TimeSpan Window => Length(longest: 31) + (TimeZone.SupportsDaylightSavingTime ? TimeSpan.FromHours(1) : TimeSpan.Zero);

    /// <inheritdoc/>
    public override bool IsWindowConstant => Period == CalendarPeriod.Day && !TimeZone.SupportsDaylightSavingTime;

    internal override RedisScript Script => WindowScript;

    internal override ScriptConstants Parameters => ParametersAt(TimeProvider.System);

    internal override bool MovesWithTime => true;

    internal override ScriptConstants ParametersAt(TimeProvider clock)
    {
        var (first, second) = BordersAt(clock);
        return new ScriptConstants(Permits, first, second);
    }

    internal override CombinedPart ToPart() => ToPartAt(TimeProvider.System);

    internal override CombinedPart ToPartAt(TimeProvider clock)
    {
        var (first, second) = BordersAt(clock);
        return new CombinedPart(10, Permits, first, second, PartScript);
    }

    // Another window may open in the millisecond after this one's last.
    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant) =>
        terms.EndAfter(grant.ResetAfter - TimeSpan.FromMilliseconds(1), grant.ResetAfter - TimeSpan.FromMilliseconds(1));

    internal override RateLimit? ShareOf(NodeShare node) =>
        node.ShareOf(Permits) is > 0 and var permits ? new CalendarWindow(permits, Period, TimeZone) : null;

    internal override Counter NewCounter() => new CalendarWindowCounter();

    /// <summary>When the period ends that a time is in: both in microseconds since 1970.</summary>
    internal long EndAfter(long now)
    {
        var (first, second) = BordersAfter(DateTimeOffset.UnixEpoch.AddTicks(now * TimeSpan.TicksPerMicrosecond));
        return now < first ? first : first + ((((now - first) / (second - first)) + 1) * (second - first));
    }

    /// <inheritdoc/>
    public bool Equals(CalendarWindow? other) =>
        base.Equals(other) && Permits == other.Permits && Period == other.Period && TimeZone.Equals(other.TimeZone);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Permits, Period, TimeZone);

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private TimeSpan Length(int longest) => TimeSpan.FromDays(Period == CalendarPeriod.Day ? 1 : longest);

    // The two borders that are nearest: whichever side of a border the server's clock is on, it knows the next one.
    private (long First, long Second) BordersAt(TimeProvider clock) => BordersAfter(clock.GetUtcNow() - (Length(longest: 30) / 2));

    private (long First, long Second) BordersAfter(DateTimeOffset moment)
    {
        var borders = _calendar.After(moment < LastKnown ? moment : LastKnown);
        return (Microseconds(borders.First), Microseconds(borders.Second));
    }
}
