namespace RedisResilience.Mongo.Quotas;

/// <summary>One call of a quota.</summary>
/// <param name="Permits">How many permits. 0 only looks.</param>
/// <param name="TakesFewer">Whether fewer permits are enough, as long as there is at least one.</param>
/// <param name="Back">How many go back before: they were taken and not used.</param>
/// <param name="Drained">How many go back that stood in Redis, to the kind that has counted them.</param>
/// <param name="Refund">How many go back of those that a decision has given.</param>
/// <param name="RefundFor">For how long from now the bucket that they were taken from lasts. Nothing goes back to a later one.</param>
/// <param name="RefundOf">When MongoDB gave those, in milliseconds of its clock. Null: they were asked for <paramref name="RefundAge"/>
/// ago.</param>
/// <param name="RefundAge">How long ago they were asked for. Nothing goes back to a count that has begun since.</param>
/// <param name="CanLease">Whether Redis is there for permits ahead of their callers.</param>
internal readonly record struct QuotaRequest(
    int Permits, bool TakesFewer = false, int Back = 0, int Drained = 0, int Refund = 0, TimeSpan RefundFor = default,
    long? RefundOf = null, TimeSpan RefundAge = default, bool CanLease = false)
{
    /// <summary>How many it must get to go on.</summary>
    public int Least => TakesFewer ? Math.Min(1, Permits) : Permits;
}
