using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Renews the leases of this node: one timer for all of them, one script for those of a key.</summary>
internal sealed class LeaseKeeper : IDisposable
{
    // Three chances before the shortest lease ends.
    private static readonly TimeSpan Tick = Concurrency.MinimumLeaseTime / 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Key, Concurrency Limit), LeaseGroup> _groups = [];
    private readonly ILeaseStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private int _isRenewing;

    public LeaseKeeper(ILeaseStore store, TimeProvider timeProvider)
    {
        (_store, _timeProvider) = (store, timeProvider);
        _timer = timeProvider.CreateTimer(static state => _ = ((LeaseKeeper)state!).RenewAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Holds a lease that the store has given.</summary>
    /// <param name="key">The key that it is a lease of.</param>
    /// <param name="limit">The limit that it is a lease of.</param>
    /// <param name="held">What the store has given.</param>
    /// <param name="askedAt">The timestamp before the store was asked: the lease ends a lease time later, or after that.</param>
    public ConcurrencyLease Hold(string key, Concurrency limit, HeldLease held, long askedAt)
    {
        lock (_lock)
        {
            if (!_groups.TryGetValue((key, limit), out var group))
            {
                _groups.Add((key, limit), group = new LeaseGroup(key, limit) { RenewAt = After(askedAt, limit.LeaseTime / 3) });
            }

            var lease = new ConcurrencyLease(this, group, held);
            group.Add(lease, After(askedAt, limit.LeaseTime));
            if (_groups.Count == 1)
            {
                _timer.Change(Tick, Tick);
            }

            return lease;
        }
    }

    public ValueTask ReleaseAsync(LeaseGroup group, ConcurrencyLease lease)
    {
        lock (_lock)
        {
            group.Remove(lease);
            RemoveIfEmpty(group);
        }

        return _store.ReleaseAsync(group.Key, group.Limit, lease.Held);
    }

    /// <summary>Renews what is due. Runs by the timer, one at a time.</summary>
    public async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _isRenewing, 1) != 0)
        {
            return;
        }

        try
        {
            foreach (var group in Due())
            {
                await RenewAsync(group).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isRenewing, 0);
        }
    }

    public void Dispose() => _timer.Dispose();

    private LeaseGroup[] Due()
    {
        lock (_lock)
        {
            var now = _timeProvider.GetTimestamp();
            return [.. _groups.Values.Where(group => group.RenewAt <= now)];
        }
    }

    private async Task RenewAsync(LeaseGroup group)
    {
        HeldLease[] living;
        lock (_lock)
        {
            living = group.Living();
        }

        var isAnswered = true;
        var askedAt = _timeProvider.GetTimestamp();
        foreach (var batch in living.Chunk(ILeaseStore.MostLeases))
        {
            var standing = await _store.RenewAsync(group.Key, group.Limit, batch).ConfigureAwait(false);
            isAnswered &= standing is not null;
            lock (_lock)
            {
                for (var place = 0; standing is not null && place < batch.Length; place++)
                {
                    // Not standing any more: it has ended by now.
                    group.Prolong(batch[place], (standing.Value >> place & 1) != 0 ? After(askedAt, group.Limit.LeaseTime) : askedAt);
                }
            }
        }

        lock (_lock)
        {
            group.Lose(_timeProvider.GetTimestamp());
            group.RenewAt = isAnswered ? After(askedAt, group.Limit.LeaseTime / 3) : askedAt;
            RemoveIfEmpty(group);
        }
    }

    private void RemoveIfEmpty(LeaseGroup group)
    {
        if (group.IsEmpty && _groups.Remove((group.Key, group.Limit)) && _groups.Count == 0)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);
}
