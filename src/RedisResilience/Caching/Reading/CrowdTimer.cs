using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Reading;

/// <summary>
/// Ends the wait for expected readers who do not come. There is one timer for all keys, which runs only during such a wait.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The timer is armed only "
    + "while readers are waited for, and otherwise the collector's like the rest of the cache.")]
internal sealed class CrowdTimer
{
    /// <summary>The shortest time that the runtime's timers know.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly List<KeyReads> _watched = [];
    private readonly ITimer _timer;

    public CrowdTimer(TimeProvider timeProvider) =>
        _timer = timeProvider.CreateTimer(
            static state => ((CrowdTimer)state!).EndLongWaits(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Watches a waiting key. A hot key waits many times in a moment, so it stays watched.</summary>
    public void Watch(KeyReads reads)
    {
        lock (_lock)
        {
            if (reads.IsWatched)
            {
                return;
            }

            reads.IsWatched = true;
            _watched.Add(reads);
            if (_watched.Count == 1)
            {
                Arm_NeedsLock();
            }
        }
    }

    private void EndLongWaits()
    {
        // Under the lock to the end: whoever begins to wait meanwhile is watched still, or anew.
        lock (_lock)
        {
            for (var index = _watched.Count - 1; index >= 0; index--)
            {
                var reads = _watched[index];
                if (!reads.EndLongWait())
                {
                    reads.IsWatched = false;
                    _watched.RemoveAt(index);
                }
            }

            if (_watched.Count > 0)
            {
                Arm_NeedsLock();
            }
        }
    }

    private void Arm_NeedsLock() => _timer.Change(Time, Timeout.InfiniteTimeSpan);
}
