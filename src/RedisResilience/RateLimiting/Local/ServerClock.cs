namespace RedisResilience.RateLimiting.Local;

/// <summary>One reading of the server's clock.</summary>
/// <param name="Microseconds">What it showed.</param>
/// <param name="SeenAt">When the answer was here; so the server's clock shows later than this look says, and never earlier.</param>
/// <param name="TimeProvider">The clock of this process.</param>
internal sealed record ServerClock(long Microseconds, long SeenAt, TimeProvider TimeProvider)
{
    /// <summary>What the server's clock has shown or will show at a moment of this process's clock.</summary>
    public long At(long timestamp) => Microseconds + (long)TimeProvider.GetElapsedTime(SeenAt, timestamp).TotalMicroseconds;
}
