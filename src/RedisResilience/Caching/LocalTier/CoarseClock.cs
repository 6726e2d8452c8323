namespace RedisResilience.Caching.LocalTier;

/// <summary>
/// A monotonic clock in milliseconds that is read in a few nanoseconds. The exact timestamp would cost as much as the whole lookup.
/// </summary>
internal sealed class CoarseClock(TimeProvider timeProvider)
{
    /// <summary>How far the system's coarse clock may lag behind, with room to spare.</summary>
    public const long Resolution = 20;

    private readonly bool _isSystem = timeProvider == TimeProvider.System;

    public long Now => _isSystem ? Environment.TickCount64 : (long)timeProvider.GetElapsedTime(0).TotalMilliseconds;
}
