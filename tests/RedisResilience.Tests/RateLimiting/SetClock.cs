using Microsoft.Extensions.Time.Testing;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>The test's time, on a machine whose clock somebody sets: timers and timestamps go on as they did.</summary>
internal sealed class SetClock : FakeTimeProvider
{
    /// <summary>By how much the time of day was set.</summary>
    public TimeSpan SetBy { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
