using Microsoft.Extensions.Time.Testing;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>The test's time, which knows how many waits have begun.</summary>
internal sealed class WatchedTime(DateTimeOffset now) : FakeTimeProvider(now)
{
    private int _waits;

    public int Waits => Volatile.Read(ref _waits);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _waits);
        return timer;
    }
}
