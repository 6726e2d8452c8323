using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>A call that waits for a booked time.</summary>
internal sealed record BookedWait(Task<RateLimitDecision> Task, CancellationTokenSource Source, int Permits, long DueAt);
