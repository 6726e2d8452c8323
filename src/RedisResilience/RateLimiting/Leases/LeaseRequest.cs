using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Permits that were asked for under a name.</summary>
/// <param name="Key">Who is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Name">What the store knows the lease by, if it grants one.</param>
/// <param name="AskedAt">The timestamp of before.</param>
internal readonly record struct LeaseRequest(LocalKey Key, RateLimit Limit, PermitRequest Request, long Name, long AskedAt)
{
    /// <summary>The lease that was granted, or may have been.</summary>
    public HeldLease ToLease(int permits) => Limit.ToLease(Key, Name, permits);
}
