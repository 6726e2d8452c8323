namespace RedisResilience.Mongo;

/// <summary>What <see cref="MongoQuota"/> decided.</summary>
/// <param name="IsAllowed">Whether the permits were taken. If not, none was.</param>
/// <param name="Remaining">How many permits the key has left in this period.</param>
/// <param name="ResetsAt">When the next period begins, by MongoDB's clock.</param>
public readonly record struct QuotaDecision(bool IsAllowed, long Remaining, DateTimeOffset ResetsAt);
