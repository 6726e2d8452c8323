using Microsoft.Extensions.Time.Testing;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>No two of its readings are the same, as with a real one: what was asked before something is told from what was asked after
/// it.</summary>
internal sealed class RunningClock() : FakeTimeProvider(SimulatedRedis.Begin)
{
    private long _readings;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Increment(ref _readings);
}
