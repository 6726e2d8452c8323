using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Limits.CalendarWindows;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>Where days and months begin, and what a limit by them is.</summary>
internal sealed class CalendarWindowTests
{
    [TestCase("Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-29T22:00:00Z", Description = "a day of 23 hours")]
    [TestCase("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", Description = "a day of 25 hours")]
    [TestCase("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z")]
    [TestCase("Asia/Beirut", "2025-03-29T12:00:00Z", "2025-03-29T22:00:00Z", Description = "no midnight: the day begins at one")]
    [TestCase("Asia/Beirut", "2025-03-29T22:00:00Z", "2025-03-30T21:00:00Z")]
    [TestCase("America/Havana", "2025-11-01T12:00:00Z", "2025-11-02T04:00:00Z", Description = "two midnights: the first")]
    [TestCase("America/Havana", "2025-11-02T04:30:00Z", "2025-11-03T05:00:00Z", Description = "and the second begins no day")]
    [TestCase("America/Asuncion", "2024-10-05T12:00:00Z", "2024-10-06T04:00:00Z", Description = "no midnight, and summer stays")]
    [TestCase("America/Scoresbysund", "2024-03-30T12:00:00Z", "2024-03-31T01:00:00Z", Description = "another standard time, the same hour")]
    [TestCase("UTC", "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z", Description = "a border belongs to what begins")]
    public void Day_EndsAtItsZonesMidnight(string zone, string moment, string end) => Assert.That(
        new Calendar(CalendarPeriod.Day, TimeZoneInfo.FindSystemTimeZoneById(zone)).After(At(moment)).First,
        Is.EqualTo(At(end)));

    [TestCase("UTC", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [TestCase("UTC", "2028-02-15T00:00:00Z", "2028-03-01T00:00:00Z")]
    [TestCase("UTC", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z")]
    [TestCase("Europe/Berlin", "2026-10-10T00:00:00Z", "2026-10-31T23:00:00Z", Description = "summer at its beginning, winter at its end")]
    public void Month_EndsAtItsZonesMidnight(string zone, string moment, string end) => Assert.That(
        new Calendar(CalendarPeriod.Month, TimeZoneInfo.FindSystemTimeZoneById(zone)).After(At(moment)).First,
        Is.EqualTo(At(end)));

    [Test]
    public void Border_IsFoundAnewWhenItHasPassed()
    {
        var calendar = new Calendar(CalendarPeriod.Day, TimeZoneInfo.Utc);
        var noon = At("2026-11-30T12:00:00Z");
        foreach (var days in new[] { 0, 1, 5, -400, 3 })
        {
            Assert.That(calendar.After(noon.AddDays(days)).First, Is.EqualTo(noon.AddDays(days).AddHours(12)));
        }
    }

    [Test]
    public void ServersClock_MayBeHalfAPeriodAwayFromOurs()
    {
        var limit = RateLimit.CalendarWindow(1, CalendarPeriod.Month);
        foreach (var (now, first, second) in new[]
        {
            ("2026-11-01T00:00:01Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        })
        {
            var parameters = limit.ParametersAt(new FakeTimeProvider(At(now)));
            Assert.That(parameters.Values.ToArray(), Is.EqualTo(new[] { 1, Micros(first), Micros(second) }));
        }
    }

    [TestCase(CalendarPeriod.Day)]
    [TestCase(CalendarPeriod.Month)]
    [Description("The platform's calendar ends with the year 9999, and the limit does not.")]
    public async Task AtTheEndOfTheCalendar_ItLimits(CalendarPeriod period)
    {
        var limit = RateLimit.CalendarWindow(1, period);
        foreach (var moment in new[] { At("9999-10-15T12:00:00Z"), At("9999-12-01T00:00:00Z"), DateTimeOffset.MaxValue })
        {
            var clock = new FakeTimeProvider(moment);
            using var limiter = new InMemoryRateLimiter(clock);
            Assert.That((await limiter.AcquireAsync("key", limit)).IsAllowed, Is.True);
            var denied = await limiter.AcquireAsync("key", limit);
            Assert.That(denied.RetryAfter, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(limit.Window));
            var borders = limit.ParametersAt(clock).Values.ToArray();
            Assert.That(borders[2], Is.GreaterThan(borders[1]));
        }
    }

    [Test]
    public void Limit_IsWhatItSays()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var day = RateLimit.CalendarWindow(5, CalendarPeriod.Day);
        Assert.That((day.TimeZone, day.Window, day.IsWindowConstant), Is.EqualTo((TimeZoneInfo.Utc, TimeSpan.FromDays(1), true)));
        var month = RateLimit.CalendarWindow(5, CalendarPeriod.Month, berlin);
        Assert.That((month.Window, month.IsWindowConstant), Is.EqualTo((TimeSpan.FromHours((31 * 24) + 1), false)));
        Assert.That(RateLimit.CalendarWindow(5, CalendarPeriod.Month, berlin), Is.EqualTo(month));
        Assert.That(RateLimit.CalendarWindow(5, CalendarPeriod.Month, berlin).GetHashCode(), Is.EqualTo(month.GetHashCode()));
        Assert.That(month, Is.Not.EqualTo(RateLimit.CalendarWindow(5, CalendarPeriod.Month)));
        Assert.That(day, Is.Not.EqualTo(RateLimit.CalendarWindow(6, CalendarPeriod.Day)).And.Not.EqualTo(day with { Name = "day" }));
    }

    [Test]
    public void BadValues_AreRefused()
    {
        Assert.That(() => RateLimit.CalendarWindow(0, CalendarPeriod.Day), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RateLimit.CalendarWindow(1, (CalendarPeriod)2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void AllOfADay_KnowsTheBordersOfItsTime() => Assert.That(
        RateLimit.All(RateLimit.CalendarWindow(5, CalendarPeriod.Day))
            .ParametersAt(new FakeTimeProvider(At("2027-01-05T13:00:00Z"))).Values[2..].ToArray(),
        Is.EqualTo(new[] { Micros("2027-01-06T00:00:00Z"), Micros("2027-01-07T00:00:00Z") }));

    [Test]
    public void AllOfTheSame_IsTheSameOnAnotherDay()
    {
        var (all, same) = (Combined(), Combined());
        Assert.That(all, Is.EqualTo(same));
        Assert.That(all.GetHashCode(), Is.EqualTo(same.GetHashCode()));
        Assert.That(all.IsWindowConstant, Is.False);
        Assert.That(
            all.ParametersAt(new FakeTimeProvider(At("2026-11-25T00:00:00Z"))),
            Is.Not.EqualTo(all.ParametersAt(new FakeTimeProvider(At("2027-11-25T00:00:00Z")))));

        static RateLimit Combined() => RateLimit.All(
            RateLimit.CalendarWindow(5, CalendarPeriod.Month), RateLimit.FixedWindow(1, TimeSpan.FromSeconds(1)));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private static long Micros(string time) => (At(time) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
