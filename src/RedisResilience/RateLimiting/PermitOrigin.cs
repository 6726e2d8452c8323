using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>
/// When the permits of a decision were taken, and from which batch, for giving them back. It does not affect equality: two decisions with
/// the same content are equal.
/// </summary>
/// <param name="time">When it was decided, by the clock that judges, in microseconds. 0: that clock was not asked.</param>
/// <param name="askedAt">When it was requested, as a timestamp of this process.</param>
/// <param name="source">The batch or count of this process that they were taken from. Null when they were taken from Redis.</param>
internal readonly struct PermitOrigin(long time, long askedAt, object? source = null) : IEquatable<PermitOrigin>
{
    public long Time => time;

    public long AskedAt => askedAt;

    public object? Source => source;

    /// <summary>The batch that the permits came from. Null when they were not prefetched.</summary>
    public PrefetchedPermits? Batch => source as PrefetchedPermits;

    /// <summary>The count of this process. Null: they were counted elsewhere.</summary>
    public KeyCounter? Counter => source as KeyCounter;

    public bool Equals(PermitOrigin other) => true;

    public override bool Equals(object? obj) => obj is PermitOrigin;

    public override int GetHashCode() => 0;
}
