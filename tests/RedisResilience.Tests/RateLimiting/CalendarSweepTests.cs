using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Limits.CalendarWindows;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>The days of every zone that this machine knows, over two years. One zone changes its clocks by two hours.</summary>
internal sealed class CalendarSweepTests
{
    [Test]
    public void DaysOfEveryZone_FollowEachOtherWithoutGapOrOverlap()
    {
        var begin = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var wrong = new List<string>();
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var calendar = new Calendar(CalendarPeriod.Day, zone);
            for (var moment = begin; moment < begin.AddYears(2);)
            {
                var borders = calendar.After(moment);
                var (before, after) = (
                    TimeZoneInfo.ConvertTime(borders.First.AddSeconds(-1), zone).Date, TimeZoneInfo.ConvertTime(borders.First, zone).Date);
                if (after <= TimeZoneInfo.ConvertTime(moment, zone).Date
                    || borders.First - moment > TimeSpan.FromHours(26)
                    || borders.Second - borders.First < TimeSpan.FromHours(22)
                    || before >= after)
                {
                    wrong.Add($"{zone.Id}, {moment:u}: {borders.First:u}, {borders.Second:u}");
                }

                moment = borders.First;
            }
        }

        Assert.That(string.Join('\n', wrong), Is.Empty);
    }
}
