namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// Makes names of leases in the process and not in the store, so that a caller who gets no reply can still release the lease. All names
/// differ, because each process counts up from a random start among 4.5 thousand million million numbers.
/// </summary>
internal static class LeaseNames
{
    // Scripts know numbers as doubles, and those are exact up to 2^53.
    private const long Mask = (1L << 52) - 1;

    private static long _last = Random.Shared.NextInt64();

    public static long Next() => Interlocked.Increment(ref _last) & Mask;
}
