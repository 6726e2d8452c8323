namespace RedisResilience.RateLimiting.Local;

/// <summary>One reading of the server's clock.</summary>
/// <param name="Microseconds">The time of the server's clock.</param>
/// <param name="SeenAt">The timestamp when the answer came. So the real server time is later than the computed one, never earlier.</param>
/// <param name="TimeProvider">The clock of this process.</param>
internal sealed record ServerClock(long Microseconds, long SeenAt, TimeProvider TimeProvider)
{
    /// <summary>The server's time at a timestamp of this process's clock.</summary>
    public long At(long timestamp) => Microseconds + (long)TimeProvider.GetElapsedTime(SeenAt, timestamp).TotalMicroseconds;
}
