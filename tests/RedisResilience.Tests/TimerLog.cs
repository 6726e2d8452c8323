using Microsoft.Extensions.Time.Testing;

namespace RedisResilience.Tests;

/// <summary>A clock under the test's control that also remembers what its timers were set to.</summary>
internal sealed class TimerLog : FakeTimeProvider
{
    /// <summary>Every due time that a timer was set to, in order.</summary>
    public List<TimeSpan> DueTimes { get; } = [];

    public int Fired { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        void Count(object? inner)
        {
            Fired++;
            callback(inner);
        }

        return new LoggedTimer(base.CreateTimer(Count, state, dueTime, period), DueTimes);
    }

    private sealed class LoggedTimer(ITimer timer, List<TimeSpan> dueTimes) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            dueTimes.Add(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
