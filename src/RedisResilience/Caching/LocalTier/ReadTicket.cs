namespace RedisResilience.Caching.LocalTier;

/// <summary>What the tier knew when a read of Redis began. A change that it has heard of since then may not be in what the read
/// brings.</summary>
internal readonly record struct ReadTicket(long Epoch, long Changes, long BeganAt);
