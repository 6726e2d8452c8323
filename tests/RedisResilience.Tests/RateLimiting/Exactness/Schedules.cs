using CsCheck;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>
/// Limits and schedules, generated: small limits, so that they are met, and pauses that end on borders and just before them.
/// </summary>
/// <param name="shortest">
/// The shortest window, in milliseconds. A real server forgets in real time: there, what is remembered must outlast a test.
/// </param>
internal sealed class Schedules(int shortest)
{
    public static Gen<Step[]> Steps { get; } = StepsOf(Act.Acquire, Act.Acquire, Act.Acquire, Act.UpTo, Act.Refund);

    /// <summary>Without refunds: what was given back may be taken again, and no bound on what is taken holds then.</summary>
    public static Gen<Step[]> Takes { get; } = StepsOf(Act.Acquire, Act.Acquire, Act.UpTo);

    public Gen<FixedWindow> FixedWindows => Gen.Select(Gen.Int[1, 12], Windows, RateLimit.FixedWindow);

    public Gen<SlidingWindow> SlidingWindows =>
        Gen.Select(Gen.Int[1, 12], Windows, Gen.OneOf(Gen.Int[1, 12], Gen.Const(60)), RateLimit.SlidingWindow);

    public Gen<SlidingLog> SlidingLogs => Gen.Select(Gen.Int[1, 12], Windows, RateLimit.SlidingLog);

    public Gen<TokenBucket> TokenBuckets => Gen.Select(Gen.Int[1, 13], Windows, Gen.Int[1, 12], (permits, window, burst) =>
        RateLimit.TokenBucket(permits, window, burst));

    public static Gen<CalendarWindow> CalendarWindows =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 1], Gen.Int[0, Zones.Length - 1], (permits, period, zone) =>
            RateLimit.CalendarWindow(permits, (CalendarPeriod)period, Zones[zone]));

    public Gen<CombinedLimit> Combined => Gen.OneOf(
        FixedWindows.Select(limit => (RateLimit)limit), SlidingWindows.Select(limit => (RateLimit)limit),
        TokenBuckets.Select(limit => (RateLimit)limit),
        SlidingLogs.Select(limit => (RateLimit)limit),
        CalendarWindows.Select(limit => (RateLimit)limit))
        .Array[1, 4].Select(limits => RateLimit.All(limits));

    // None; an hour in spring and autumn; one that is put forward, and one that is put back, at midnight; half an hour; far from UTC.
    private static TimeZoneInfo[] Zones { get; } =
    [
        TimeZoneInfo.Utc,
        .. new[] { "Europe/Berlin", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "Pacific/Kiritimati" }
            .Select(TimeZoneInfo.FindSystemTimeZoneById),
    ];

    private Gen<TimeSpan> Windows => Gen.OneOf(Gen.Int[shortest, shortest * 2], Gen.Int[shortest, 86_400_000]).Select(
        milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    private static Gen<Step[]> StepsOf(params Act[] acts) => Gen.Select(
        OneOf(Pause.None, Pause.None, Pause.Moment, Pause.Part, Pause.Part, Pause.Window, Pause.AsTold, Pause.AsTold, Pause.TooEarly),
        Gen.Int[1, 12], OneOf(acts), Gen.Int[0, 6],
        (pause, amount, act, permits) => new Step(pause, amount, act, permits)).Array[1, 30];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);
}
