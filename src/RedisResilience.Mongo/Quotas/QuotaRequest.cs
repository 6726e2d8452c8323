namespace RedisResilience.Mongo.Quotas;

/// <summary>One call of a quota.</summary>
/// <param name="Permits">How many permits. 0 only looks.</param>
/// <param name="TakesFewer">Whether fewer permits are enough, as long as there is at least one.</param>
/// <param name="Back">How many go back before: they were taken and not used.</param>
/// <param name="Drained">How many permits from Redis go back to the kind of limit that has counted them.</param>
/// <param name="Refund">How many permits of a decision go back.</param>
/// <param name="RefundFor">How long from now the bucket of the refunded permits lasts. Nothing goes back to a later bucket.</param>
/// <param name="RefundOf">The count that gave the refunded permits. Nothing goes back to another. Null when they stood in Redis.</param>
/// <param name="RefundAge">How long ago the refunded permits were asked for. Nothing goes back to a count that was reset since.</param>
/// <param name="CanLease">Whether Redis is there for permits ahead of their callers.</param>
internal readonly record struct QuotaRequest(
    int Permits, bool TakesFewer = false, int Back = 0, int Drained = 0, int Refund = 0, TimeSpan RefundFor = default,
    long? RefundOf = null, TimeSpan RefundAge = default, bool CanLease = false)
{
    /// <summary>How many it must get to go on.</summary>
    public int Least => TakesFewer ? Math.Min(1, Permits) : Permits;
}
