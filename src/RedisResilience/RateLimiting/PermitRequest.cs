namespace RedisResilience.RateLimiting;

/// <summary>What one call wants of a limit.</summary>
/// <param name="Most">How many permits at most; 0 only looks, a negative number gives permits back.</param>
/// <param name="Least">With fewer than these the call is denied and gets none.</param>
/// <param name="MaximumWait">How far ahead the permits may be booked, where the limit can: whole microseconds.</param>
internal readonly record struct PermitRequest(int Most, int Least, long MaximumWait = 0)
{
    /// <summary>All of them or none.</summary>
    public static PermitRequest Exactly(int permits) => new(permits, permits);

    /// <summary>As many as there are, but at least one.</summary>
    public static PermitRequest UpTo(int permits) => new(permits, Math.Min(permits, 1));

    public static PermitRequest Within(int permits, TimeSpan maximumWait) => new(permits, permits, maximumWait.Ticks / TimeSpan.TicksPerMicrosecond);

    public static PermitRequest Return(int permits) => new(-permits, -permits);
}
