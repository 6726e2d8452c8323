using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>One call of Redis, for one caller or for several who ask for the same.</summary>
/// <param name="Key">Who is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Unit">What each caller asks for.</param>
/// <param name="Callers">How many they are.</param>
/// <param name="Ahead">How many permits the node asks for beyond that.</param>
/// <param name="SentAt">The timestamp of before the call.</param>
internal readonly record struct AcquireRequest(LocalKey Key, RateLimit Limit, int Unit, int Callers, int Ahead, long SentAt)
{
    public PermitRequest Request => new(Unit, Math.Min(Callers + (Ahead / Unit), Limit.Permits / Unit));
}
