using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Configured;

/// <summary>Makes a limit from a configuration section.</summary>
internal static class ConfiguredLimit
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Func<RateLimitOptions, RateLimit>> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(RateLimit.FixedWindow)] = limit => RateLimit.FixedWindow(limit.Permits, limit.Window ?? DefaultWindow),
        [nameof(RateLimit.SlidingWindow)] =
            limit => RateLimit.SlidingWindow(limit.Permits, limit.Window ?? DefaultWindow, limit.Segments),
        [nameof(RateLimit.SlidingLog)] = limit => RateLimit.SlidingLog(limit.Permits, limit.Window ?? DefaultWindow),
        [nameof(RateLimit.TokenBucket)] = limit => RateLimit.TokenBucket(limit.Permits, limit.Window ?? DefaultWindow, limit.Burst),
        [nameof(RateLimit.Concurrency)] = limit => RateLimit.Concurrency(limit.Permits, limit.Window),
        ["CalendarDay"] = limit => RateLimit.CalendarWindow(limit.Permits, CalendarPeriod.Day, ZoneOf(limit)),
        ["CalendarMonth"] = limit => RateLimit.CalendarWindow(limit.Permits, CalendarPeriod.Month, ZoneOf(limit)),
    };

    /// <exception cref="ArgumentException">A value is not allowed; the message says which are.</exception>
    public static RateLimit Of(RateLimitOptions limit)
    {
        if (!Kinds.TryGetValue(limit.Kind, out var make))
        {
            throw new ArgumentException($"Kind is '{limit.Kind}'; it must be one of {string.Join(", ", Kinds.Keys)}.");
        }

        return make(limit) with { Name = limit.Name };
    }

    private static TimeZoneInfo? ZoneOf(RateLimitOptions limit)
    {
        if (limit.TimeZone is not { } id)
        {
            return null;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : throw new ArgumentException($"TimeZone is '{id}'; it must be a time zone that this machine knows, such as Europe/Berlin.");
    }
}
