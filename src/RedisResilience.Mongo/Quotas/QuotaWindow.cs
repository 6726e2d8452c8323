using RedisResilience.RateLimiting;
using static RedisResilience.Mongo.Quotas.Expression;

namespace RedisResilience.Mongo.Quotas;

/// <summary>
/// How a quota counts time: in buckets. Each bucket is identified by its end, in milliseconds of MongoDB's clock. Its permits count until
/// that end, and for <see cref="Hold"/> after it.
/// </summary>
/// <param name="Kind">The kind of limit. Permits that another kind has counted do not count.</param>
/// <param name="Newest">When a bucket that begins now ends, by the field <c>now</c>.</param>
/// <param name="Hold">How long a bucket counts after its end.</param>
/// <param name="IsOpenedByUse">Whether a bucket that has not ended is used, instead of the newest one.</param>
/// <param name="Length">A number that tells windows of one kind apart.</param>
internal sealed record QuotaWindow(string Kind, BsonValue Newest, long Hold, bool IsOpenedByUse, long Length)
{
    private static readonly Version WithCalendar = new(5, 0);
    private static readonly long Day = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>The first version of MongoDB that supports it. Null for any version.</summary>
    public Version? FirstVersion { get; private init; }

    /// <summary>The shortest time between the ends of two buckets.</summary>
    public long ShortestMilliseconds { get; private init; } = Length;

    /// <summary>The window that opens with the key's first use.</summary>
    public static QuotaWindow Fixed(TimeSpan window) =>
        new("fixed", Call("$add", "$now", Milliseconds(window)), 0, IsOpenedByUse: true, Milliseconds(window));

    /// <summary>Like <see cref="SlidingWindow"/>: a segment counts in full until all of it is a window old.</summary>
    public static QuotaWindow Sliding(TimeSpan window, int segments)
    {
        var segment = (Milliseconds(window) + segments - 1) / segments;
        var end = Call("$add", Call("$subtract", "$now", Call("$mod", "$now", segment)), segment);
        return new("sliding", end, segment * segments, IsOpenedByUse: false, segment);
    }

    /// <summary>From midnight to midnight, or from the first of one month or year to the first of the next.</summary>
    public static QuotaWindow Calendar(QuotaPeriod period)
    {
        var unit = period.ToString().ToLowerInvariant();
        var start = Call("$dateTrunc", new BsonDocument { { "date", "$$NOW" }, { "unit", unit } });
        var end = Call("$toLong", Call("$dateAdd", new BsonDocument { { "startDate", start }, { "unit", unit }, { "amount", 1 } }));
        return new("calendar", end, 0, IsOpenedByUse: false, (long)period) { FirstVersion = WithCalendar, ShortestMilliseconds = Day };
    }

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;
}
