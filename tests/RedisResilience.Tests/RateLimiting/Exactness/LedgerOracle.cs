using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>Every permit that was ever taken, each with the time when it comes back.</summary>
/// <param name="limit">The limit's permits.</param>
/// <param name="comesBack">When a permit comes back, by when it is taken and when those come back that are taken already.</param>
internal sealed class LedgerOracle(int limit, Func<long, IReadOnlyList<long>, long> comesBack) : Oracle
{
    private readonly List<long> _comeBack = [];

    public static LedgerOracle FixedWindow(int limit, long window) => new(limit, (now, taken) =>
        taken.Count == 0 ? now + window : taken[0]);

    public static LedgerOracle SlidingLog(int limit, long window) => new(limit, (now, _) => now + window);

    public static LedgerOracle SlidingWindow(int limit, long segment, int segments) => new(limit, (now, _) =>
        ((now / segment) + segments + 1) * segment);

    public static LedgerOracle CalendarWindow(int limit, CalendarPeriod period, TimeZoneInfo zone) => new(limit, (now, taken) =>
        taken.Count == 0 ? EndOf(period, zone, now) : taken[0]);

    public override int Free(long now) => limit - Taken(now).Length;

    public override long Wait(int permits, long now)
    {
        var taken = Taken(now);
        var missing = taken.Length + permits - limit;
        return missing <= 0 ? 0 : taken[missing - 1] - now;
    }

    public override long Reset(long now) => Taken(now).Select(time => time - now).LastOrDefault();

    public override void Take(int permits, long now)
    {
        var time = comesBack(now, Taken(now));
        _comeBack.AddRange(Enumerable.Repeat(time, permits));
    }

    public override void GiveBack(int permits, long now)
    {
        foreach (var first in Taken(now).Take(permits))
        {
            _comeBack.Remove(first);
        }
    }

    private long[] Taken(long now) => [.. _comeBack.Where(time => time > now).Order()];

    // The first half hour that the zone's clocks show another date.
    private static long EndOf(CalendarPeriod period, TimeZoneInfo zone, long now)
    {
        const long HalfHour = 30 * 60 * 1_000_000L;
        var next = now;
        do
        {
            next = ((next / HalfHour) + 1) * HalfHour;
        }
        while (DateOf(next) == DateOf(now));
        return next;

        (int, int) DateOf(long time)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond), zone);
            return period == CalendarPeriod.Day ? (local.Year, local.DayOfYear) : (local.Year, local.Month);
        }
    }
}
