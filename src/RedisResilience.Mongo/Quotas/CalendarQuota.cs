using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Quotas;

/// <summary>
/// A number of permits in each calendar period in UTC, such as a plan that is paid by the month. For <see cref="MongoQuota"/>.
/// </summary>
[Experimental("RR0001")]
public sealed record CalendarQuota
{
    /// <summary>Makes a quota.</summary>
    /// <param name="permits">How many permits each key has in a period. At least 1.</param>
    /// <param name="period">The period.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="permits"/> is less than 1, or <paramref name="period"/> is not one of its values.
    /// </exception>
    public CalendarQuota(int permits, QuotaPeriod period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        (Permits, Period) = (permits, Enum.IsDefined(period) ? period : throw new ArgumentOutOfRangeException(
            nameof(period), period, "It must be a day, a month or a year."));
    }

    /// <summary>How many permits each key has in a period.</summary>
    public int Permits { get; }

    /// <summary>The period.</summary>
    public QuotaPeriod Period { get; }

    /// <summary>Like <see cref="RateLimit.Name"/>: two quotas with different names count the same key separately.</summary>
    /// <value>Default: null, no name. Else 1 to 64 letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</value>
    /// <exception cref="ArgumentException">The name is empty, too long, or has another character.</exception>
    public string? Name
    {
        get;
        init => field = value is null || IsName(value)
            ? value
            : throw new ArgumentException(
                $"A quota's name has 1 to {RateLimit.MaximumNameLength} letters, digits, '-', '_' and '.'.", nameof(value));
    }

    /// <summary>What a call gets when MongoDB cannot answer.</summary>
    /// <value>Default: <see cref="FailurePolicy.Allow"/>. <see cref="FailurePolicy.Local"/> denies.</value>
    public FailurePolicy FailurePolicy { get; init; }

    /// <summary>How many permits of a key may be prefetched in Redis: see <see cref="MongoQuota"/>.</summary>
    /// <value>Default: 0, every call asks MongoDB.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or more than the quota's permits.</exception>
    public int MaximumPrefetch
    {
        get;
        init =>
            field = value >= 0 && value <= Permits
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "From 0 to the quota's permits.");
    }

    private static bool IsName(string name) => name.Length is > 0 and <= RateLimit.MaximumNameLength
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
