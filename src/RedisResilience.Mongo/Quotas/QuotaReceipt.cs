namespace RedisResilience.Mongo.Quotas;

/// <summary>The data that a quota needs to take permits back.</summary>
/// <param name="EndsAt">When the bucket ends that they were taken from: a timestamp of this process.</param>
/// <param name="AskedAt">When they were asked for: a timestamp of this process.</param>
/// <param name="Count">The count from which MongoDB gave them. Null when they stood in Redis.</param>
internal sealed record QuotaReceipt(long EndsAt, long AskedAt, long? Count)
{
    public static QuotaReceipt Of(TimeSpan endsAfter, long askedAt, TimeProvider time, long? count = null) =>
        new(askedAt + (long)(endsAfter.TotalSeconds * time.TimestampFrequency), askedAt, count);
}
