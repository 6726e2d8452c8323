using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Filling;

/// <summary>Prolongs the leases of loads that take long, with one timer for all of them.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The timer is armed only "
    + "while there are loads, and otherwise the collector's like the rest of the cache.")]
internal sealed class LeaseRenewals
{
    private const long LongestTimer = 24 * 3600 * 1000;

    private readonly Lock _lock = new();
    private readonly HashSet<RenewedLease> _leases = [];
    private readonly IEntryStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    public LeaseRenewals(IEntryStore store, TimeProvider timeProvider)
    {
        _store = store;
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(
            static state => ((LeaseRenewals)state!).RenewThoseDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Prolongs a load's lease until it is disposed. Null when there is nothing to prolong.</summary>
    public RenewedLease? Begin(InFlightLoad load)
    {
        if (!load.Lease.Stands || !RenewedLease.IsRenewed(load.Call.Options))
        {
            return null;
        }

        var lease = new RenewedLease(this, load, _timeProvider);
        lock (_lock)
        {
            _leases.Add(lease);
            Arm_NeedsLock(lease.DueAt);
        }

        return lease;
    }

    public void End(RenewedLease lease)
    {
        lock (_lock)
        {
            _leases.Remove(lease);
        }
    }

    private void RenewThoseDue()
    {
        var due = new List<RenewedLease>();
        lock (_lock)
        {
            var now = _timeProvider.GetTimestamp();
            _armedFor = long.MaxValue;
            _leases.RemoveWhere(lease => lease.IsOver(now));
            foreach (var lease in _leases)
            {
                if (lease.TryPostpone(now))
                {
                    due.Add(lease);
                }

                Arm_NeedsLock(lease.DueAt);
            }
        }

        foreach (var lease in due)
        {
            _ = RenewAsync(lease);
        }
    }

    private async Task RenewAsync(RenewedLease lease)
    {
        // Without an answer it is tried again when it is due again: by then half of the lease's time may be left.
        var answer = await _store.RenewAsync(lease.Key, lease.Token, lease.Time).ConfigureAwait(false);
        if (answer is { IsAnswered: true, Value: false })
        {
            End(lease);
        }
    }

    private void Arm_NeedsLock(long dueAt)
    {
        if (dueAt < _armedFor)
        {
            _armedFor = dueAt;
            var wait = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), dueAt);

            // Timers count whole milliseconds and drop the rest: rounded down, they would fire just too early, and again. They count to 49
            // days: whoever looks too early looks again.
            var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, LongestTimer);
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }
}
