using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>One acquire. It is made once, and passed on unchanged.</summary>
/// <param name="Key">Who is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Permits">The permits to ask Redis for.</param>
/// <param name="AskedAt">The timestamp of before.</param>
/// <param name="CancellationToken">Ends the wait.</param>
/// <param name="Callers">How many callers share the call, each of whom asks for one unit. 0 when one caller gets all permits.</param>
/// <param name="Name">The name of the lease, for permits that are held. 0 for others.</param>
internal readonly record struct AcquireRequest(
    LocalKey Key, RateLimit Limit, PermitRequest Permits, long AskedAt, CancellationToken CancellationToken, int Callers = 0, long Name = 0)
{
    /// <summary>The request of one caller.</summary>
    public PermitRequest Own => Callers == 0 ? Permits : PermitRequest.Exactly(Permits.Unit);

    /// <summary>The lease that was granted or may have been granted.</summary>
    public HeldLease ToLease(int permits) => Limit.ToLease(Key, Name, permits);
}
