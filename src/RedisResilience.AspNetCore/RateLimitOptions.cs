namespace RedisResilience.AspNetCore;

/// <summary>A limit in a configuration section.</summary>
public class RateLimitOptions
{
    /// <summary>The kind of limit.</summary>
    /// <value>
    /// Default: <c>FixedWindow</c>. Any kind but <c>All</c>. A calendar window is <c>CalendarDay</c> or <c>CalendarMonth</c>.
    /// </value>
    public string Kind { get; set; } = "FixedWindow";

    /// <summary>How many permits the limit gives.</summary>
    /// <value>Default: none, it must be set. At least 1.</value>
    public int Permits { get; set; }

    /// <summary>How long a window lasts, a bucket's period, or the time of a lease. A day and a month have their own.</summary>
    /// <value>Default: null, 1 hour, and 30 s for a lease. Whole milliseconds, from 1 ms to 365 days.</value>
    public TimeSpan? Window { get; set; }

    /// <summary>How many segments a sliding window has.</summary>
    /// <value>Default: 10. From 1 to 60.</value>
    public int Segments { get; set; } = 10;

    /// <summary>How many tokens a bucket holds.</summary>
    /// <value>Default: null, as many as <see cref="Permits"/>.</value>
    public int? Burst { get; set; }

    /// <summary>Where a day or month begins, such as <c>Europe/Berlin</c>.</summary>
    /// <value>Default: null, UTC.</value>
    public string? TimeZone { get; set; }

    /// <summary>The limit's name in header fields and in its keys.</summary>
    /// <value>Default: null, the policy's name.</value>
    public string? Name { get; set; }
}
