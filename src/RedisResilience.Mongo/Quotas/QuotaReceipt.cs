namespace RedisResilience.Mongo.Quotas;

/// <summary>The data that a quota needs to take permits back.</summary>
/// <param name="EndsAt">When the bucket ends that they were taken from: a timestamp of this process.</param>
internal sealed record QuotaReceipt(long EndsAt)
{
    public static QuotaReceipt Of(TimeSpan endsAfter, long askedAt, TimeProvider time) =>
        new(askedAt + (long)(endsAfter.TotalSeconds * time.TimestampFrequency));
}
