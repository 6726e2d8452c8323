using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// The leases of one key that this process holds. They share a script call. The keeper makes sure that calls do not overlap.
/// </summary>
internal sealed class LeaseGroup(LocalKey key)
{
    private readonly List<HeldLease> _leases = [];

    public LocalKey Key => key;

    public bool IsEmpty => _leases.Count == 0;

    /// <summary>When to renew next, as a timestamp.</summary>
    public long RenewAt { get; set; } = long.MaxValue;

    /// <summary>How many calls are under way, or wait to be sent, that renew some of the leases.</summary>
    public int Renewals { get; set; }

    /// <summary>Whether one of the renewals got no answer.</summary>
    public bool HasFailed { get; set; }

    /// <summary>When the group is due. Like its position, it belongs to the queue.</summary>
    public long DueAt { get; set; }

    public int QueuePlace { get; set; } = -1;

    public HeldLease[] Leases => [.. _leases];

    /// <summary>How many permits they hold.</summary>
    public int Permits { get; private set; }

    /// <summary>When the next one is lost unless it is renewed.</summary>
    public long NextEnd
    {
        get
        {
            var next = long.MaxValue;
            foreach (var lease in _leases)
            {
                next = Math.Min(next, lease.EndsAt);
            }

            return next;
        }
    }

    /// <summary>The shortest lease time so far.</summary>
    public TimeSpan ShortestLeaseTime { get; private set; } = TimeSpan.MaxValue;

    public void Add(HeldLease lease)
    {
        (lease.Group, lease.Place) = (this, _leases.Count);
        _leases.Add(lease);
        Permits += lease.Permits;
        if (lease.LeaseTime < ShortestLeaseTime)
        {
            ShortestLeaseTime = lease.LeaseTime;
        }
    }

    public void Remove(HeldLease lease)
    {
        var last = _leases[^1];
        (_leases[lease.Place], last.Place) = (last, lease.Place);
        _leases.RemoveAt(_leases.Count - 1);
        lease.Group = null;
        Permits -= lease.Permits;
    }

    /// <summary>Removes the leases that have ended.</summary>
    public void RemoveEnded(long now, List<HeldLease> ended)
    {
        for (var place = _leases.Count - 1; place >= 0; place--)
        {
            if (_leases[place] is var lease && lease.EndsAt <= now)
            {
                Remove(lease);
                ended.Add(lease);
            }
        }
    }
}
