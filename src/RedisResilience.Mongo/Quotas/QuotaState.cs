using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.Mongo.Quotas;

/// <summary>MongoDB's answer to a call: the document after it.</summary>
internal sealed class QuotaState(BsonDocument document, QuotaTerms terms)
{
    private readonly long _now = document["now"].ToInt64();

    // What another kind has counted stands there still when nothing was taken.
    private readonly (long Ends, long Permits)[] _buckets = document["kind"] != terms.Window.Kind ? []
        : [.. document["buckets"].AsBsonArray.Select(bucket => (bucket["to"].ToInt64() + terms.Window.Hold, bucket["n"].ToInt64()))];

    /// <summary>Permits that were counted ahead of their callers.</summary>
    public int Leased { get; } = document["leased"].ToInt32();

    /// <summary>Whether permits may be on their way to Redis.</summary>
    public bool HasJustLeased => _now - document["leasedAt"].ToInt64() < QuotaUpdate.QuickMilliseconds;

    /// <summary>The number of the count. After a reset it is another.</summary>
    public long Count => document["count"].ToInt64();

    /// <summary>When the bucket ends in which was counted.</summary>
    public TimeSpan EndsAfter => Until(document["current"].ToInt64());

    private int Granted { get; } = document["granted"].ToInt32();

    private long Used => _buckets.Sum(bucket => bucket.Permits);

    private long Left => Math.Max(0, terms.Permits - Used);

    private TimeSpan ResetsAfter => _buckets.Length == 0 ? TimeSpan.Zero : Until(_buckets.Max(bucket => bucket.Ends));

    public RateLimitDecision Decide(QuotaRequest request)
    {
        var isAllowed = Granted >= request.Least;
        return new RateLimitDecision
        {
            IsAllowed = isAllowed,
            Granted = Granted,
            Limit = terms.Permits,
            Remaining = (int)Left + Leased,
            RetryAfter = isAllowed ? TimeSpan.Zero : RetryAfter(request.Least),
            ResetAfter = ResetsAfter,
            Source = DecisionSource.DurableCount,
        };
    }

    /// <summary>
    /// The batch to store in Redis: the prefetched permits, which end with their bucket, or an empty batch that closes the key.
    /// </summary>
    /// <param name="age">How long ago MongoDB was asked.</param>
    /// <returns>Null: nothing.</returns>
    public PermitBatch? ToBatch(TimeSpan age)
    {
        var ends = (Leased > 0 ? Until(document["current"].ToInt64()) : Left == 0 && !HasJustLeased ? RetryAfter(1) : TimeSpan.Zero) - age;
        return ends < TimeSpan.FromMilliseconds(1) ? null : new PermitBatch(Leased, (int)Left, ends, ResetsAfter - age);
    }

    // The oldest come back first.
    private TimeSpan RetryAfter(int permits)
    {
        var missing = Used + permits - terms.Permits;
        foreach (var (ends, count) in _buckets.OrderBy(bucket => bucket.Ends))
        {
            missing -= count;
            if (missing <= 0)
            {
                return Until(ends);
            }
        }

        return TimeSpan.Zero;
    }

    private TimeSpan Until(long moment) => TimeSpan.FromMilliseconds(moment - _now);
}
