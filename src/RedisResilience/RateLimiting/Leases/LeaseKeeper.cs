using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// Keeps the leases of this node: has them renewed when it is time, and tells the holder of one that was not, before anybody else can get
/// his permits.
/// </summary>
/// <remarks>One timer for all leases. Nothing waits for anything else: a slow renewal holds up no loss, and no other renewal.</remarks>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    // A renewal without an answer is repeated: there are three chances before the shortest lease ends.
    private static readonly TimeSpan Retry = Concurrency.MinimumLeaseTime / 4;

    // A lease that is missed once is not lost.
    private const int RenewalsPerLease = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<LocalKey, LeaseGroup> _groups = [];
    private readonly LeaseSchedule _schedule;
    private readonly LeaseRenewals _renewals;
    private readonly LeaseReturns _returns;
    private readonly TimeProvider _timeProvider;
    private bool _isDisposed;

    public LeaseKeeper(ILeaseStore store, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _renewals = new LeaseRenewals(store, timeProvider, Renewed);
        _returns = new LeaseReturns(store, timeProvider);
        _schedule = new LeaseSchedule(timeProvider, RunDue);
    }

    /// <summary>How leases go back.</summary>
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
                Add_NeedsLock(held, askedAt);
            }
        }

        return new ConcurrencyLease(this, held, fencingToken);
    }

    /// <summary>Gives a lease back.</summary>
    public ValueTask ReleaseAsync(HeldLease held)
    {
        lock (_lock)
        {
            if (held.Group is { } group)
            {
                group.Remove(held);
                RemoveIfEmpty_NeedsLock(group);
            }
        }

        return _returns.ReturnAsync(held);
    }

    /// <summary>
    /// Nobody renews any more, and holders are told. They may still be at work, so what they hold ends in its time; what nobody holds
    /// goes back.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        HeldLease[] held;
        lock (_lock)
        {
            _isDisposed = true;
            _schedule.Dispose();
            held = [.. _groups.Values.SelectMany(group => group.Leases)];
            foreach (var lease in held)
            {
                lease.Group!.Remove(lease);
            }

            _groups.Clear();
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
                RemoveIfEmpty_NeedsLock(group);
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
                RemoveIfEmpty_NeedsLock(group);
            }
        }

        lost.ForEach(static lease => lease.Lose());
    }

    private void Add_NeedsLock(HeldLease held, long askedAt)
    {
        if (!_groups.TryGetValue(held.Key, out var group))
        {
            _groups.Add(held.Key, group = new LeaseGroup(held.Key));
        }

        group.Add(held);
        var renewAt = After(askedAt, held.LeaseTime / RenewalsPerLease);
        group.RenewAt = Math.Min(group.RenewAt, renewAt);

        if (group.QueuePlace < 0 || Math.Min(renewAt, held.EndsAt) < group.DueAt)
        {
            _schedule.Set(group, Math.Min(renewAt, held.EndsAt));
        }
    }

    private void RemoveIfEmpty_NeedsLock(LeaseGroup group)
    {
        // While some of it is being renewed it stays, so that a key never has two.
        if (group.IsEmpty && group.Renewals == 0)
        {
            _groups.Remove(group.Key);
            _schedule.Remove(group);
        }
    }

    private long EndOf(HeldLease held, long askedAt) => After(askedAt, held.CertainTime);

    private long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);
}
