namespace RedisResilience.Caching.LocalTier;

/// <summary>The state of the tier when a read of Redis began. The reply may not contain a change that was reported since then.</summary>
internal readonly record struct ReadTicket(long Epoch, long Changes, long BeganAt);
