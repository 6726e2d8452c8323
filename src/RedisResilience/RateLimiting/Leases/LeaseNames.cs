namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// Names of leases, given here and not by the store: whoever never hears whether he was granted a lease can still give it back. No two of
/// them are the
/// same; another process begins elsewhere among the 4.5 thousand million million.
/// </summary>
internal static class LeaseNames
{
    // Scripts know numbers as doubles, and those are exact up to 2^53.
    private const long Mask = (1L << 52) - 1;

    private static long _last = Random.Shared.NextInt64();

    public static long Next() => Interlocked.Increment(ref _last) & Mask;
}
