using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>One acquire. It is made once, and passed on unchanged.</summary>
/// <param name="Key">Who is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Permits">What is asked of Redis.</param>
/// <param name="AskedAt">The timestamp of before.</param>
/// <param name="CancellationToken">Ends the wait.</param>
/// <param name="Callers">How many share the call, each of whom asks for one unit. 0: it is asked for one caller, who gets it all.</param>
/// <param name="Name">What permits that are held are asked for by. 0: they are not held.</param>
internal readonly record struct AcquireRequest(
    LocalKey Key, RateLimit Limit, PermitRequest Permits, long AskedAt, CancellationToken CancellationToken, int Callers = 0, long Name = 0)
{
    /// <summary>What a caller has asked for.</summary>
    public PermitRequest Own => Callers == 0 ? Permits : PermitRequest.Exactly(Permits.Unit);

    /// <summary>The lease that was granted, or may have been.</summary>
    public HeldLease ToLease(int permits) => Limit.ToLease(Key, Name, permits);
}
