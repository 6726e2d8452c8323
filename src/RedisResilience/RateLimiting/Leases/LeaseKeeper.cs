using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// Keeps the leases of this process. It renews them when they are due, and tells the holder of a lease that was not renewed before another
/// caller can get the permits.
/// </summary>
/// <remarks>There is one timer for all leases. A slow renewal delays neither another renewal nor the notice of a loss.</remarks>
internal sealed class LeaseKeeper : IRecoveryStep, IAsyncDisposable
{
    // A renewal without an answer is repeated. There are three tries before the shortest lease ends.
    private static readonly TimeSpan Retry = Concurrency.MinimumLeaseTime / 4;

    // A lease that is missed once is not lost.
    private const int RenewalsPerLease = 3;

    private readonly Lock _lock = new();
    private readonly ILeaseStore _store;
    private readonly LeaseGroups _groups;
    private readonly LeaseSchedule _schedule;
    private readonly LeaseRenewals _renewals;
    private readonly LeaseReturns _returns;
    private readonly TimeProvider _timeProvider;
    private bool _isDisposed;

    public LeaseKeeper(ILeaseStore store, TimeProvider timeProvider)
    {
        (_store, _timeProvider) = (store, timeProvider);
        _renewals = new LeaseRenewals(store, timeProvider, Renewed);
        _returns = new LeaseReturns(store, timeProvider);
        _schedule = new LeaseSchedule(timeProvider, RunDue);
        _groups = new LeaseGroups(_schedule);
    }

    /// <summary>Gives leases back.</summary>
    public LeaseReturns Returns => _returns;

    /// <summary>Holds a lease that the store has given.</summary>
    /// <param name="held">The lease.</param>
    /// <param name="fencingToken">Its token.</param>
    /// <param name="askedAt">The timestamp before the store was asked: the lease ends a lease time later, or after that.</param>
    public ConcurrencyLease Hold(HeldLease held, long fencingToken, long askedAt)
    {
        held.EndsAt = EndOf(held, askedAt);
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _groups.Add(held, After(askedAt, held.LeaseTime / RenewalsPerLease));
            }
        }

        return new ConcurrencyLease(this, held, fencingToken);
    }

    /// <summary>How many permits of a key this node holds.</summary>
    public int HeldOf(in LocalKey key)
    {
        lock (_lock)
        {
            return _groups.PermitsOf(key);
        }
    }

    /// <summary>Gives a lease back.</summary>
    public ValueTask ReleaseAsync(HeldLease held)
    {
        lock (_lock)
        {
            if (held.Group is { } group)
            {
                group.Remove(held);
                _groups.RemoveIfEmpty(group);
            }
        }

        return _returns.ReturnAsync(held);
    }

    /// <summary>The store is back, and may have lost leases. Renewing them now tells the holders at once.</summary>
    /// <returns>True: the store is not kept waiting.</returns>
    public ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        if (!_store.IsAway)
        {
            lock (_lock)
            {
                _groups.RenewAll(_timeProvider.GetTimestamp());
            }

            RunDue();
        }

        return new ValueTask<bool>(true);
    }

    /// <summary>
    /// Stops renewing, and tells the holders. They may still be at work, so their leases end in their own time. Leases that nobody holds go
    /// back.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        HeldLease[] held;
        lock (_lock)
        {
            _isDisposed = true;
            _schedule.Dispose();
            held = _groups.Clear();
        }

        Array.ForEach(held, static lease => lease.Lose());
        await _returns.ReturnAllAsync().ConfigureAwait(false);
        _returns.Dispose();
    }

    private void RunDue()
    {
        List<HeldLease> lost = [];
        lock (_lock)
        {
            var now = _timeProvider.GetTimestamp();
            while (_schedule.FirstDue(now) is { } group)
            {
                group.RemoveEnded(now, lost);
                if (group.RenewAt <= now && group.Renewals == 0 && !group.IsEmpty)
                {
                    _renewals.Add(group);
                }

                _schedule.Set(group, group.Renewals > 0 ? group.NextEnd : Math.Min(group.NextEnd, group.RenewAt));
                _groups.RemoveIfEmpty(group);
            }

            _schedule.Rearm();
        }

        foreach (var lease in lost)
        {
            // It may have been prolonged and nobody knows: as its holder has been told, it is free.
            lease.Lose();
            _ = _returns.ReturnAsync(lease).AsTask();
        }

        _renewals.Start();
    }

    /// <summary>A renewal has ended.</summary>
    private void Renewed(LeaseRenewal renewal, long askedAt, long? standing)
    {
        List<HeldLease> lost = [];
        lock (_lock)
        {
            var group = renewal.Group;
            group.HasFailed |= standing is null;
            for (var place = 0; standing is not null && place < renewal.Leases.Length; place++)
            {
                var lease = renewal.Leases[place];
                if (lease.Group is null)
                {
                    // Given back meanwhile, or lost.
                    continue;
                }

                if ((standing.Value >> place & 1) != 0)
                {
                    lease.EndsAt = EndOf(lease, askedAt);
                }
                else
                {
                    group.Remove(lease);
                    lost.Add(lease);
                }
            }

            if (--group.Renewals == 0 && !_isDisposed)
            {
                group.RenewAt = group.HasFailed
                    ? After(_timeProvider.GetTimestamp(), Retry)
                    : After(askedAt, group.ShortestLeaseTime / RenewalsPerLease);
                group.HasFailed = false;
                _schedule.Set(group, Math.Min(group.RenewAt, group.NextEnd));
                _groups.RemoveIfEmpty(group);
            }
        }

        lost.ForEach(static lease => lease.Lose());
    }

    private long EndOf(HeldLease held, long askedAt) => After(askedAt, held.CertainTime);

    private long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);
}
