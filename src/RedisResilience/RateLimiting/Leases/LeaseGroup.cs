using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>The leases that this node holds of one key, and when they are to be renewed: those that share a script call.</summary>
/// <remarks>Holds them weakly: a lease that its holder has lost is not renewed, and ends.</remarks>
internal sealed class LeaseGroup(string key, Concurrency limit)
{
    private readonly List<Entry> _entries = [];

    public string Key => key;

    public Concurrency Limit => limit;

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>When to ask next, as a timestamp.</summary>
    public long RenewAt { get; set; }

    public void Add(ConcurrencyLease lease, long endsAt) => _entries.Add(new Entry(lease, endsAt));

    public void Remove(ConcurrencyLease lease) => _entries.RemoveAll(entry => entry.Held == lease.Held);

    /// <summary>The leases that are still held by somebody.</summary>
    public HeldLease[] Living()
    {
        _entries.RemoveAll(entry => !entry.Lease.TryGetTarget(out _));
        return [.. _entries.Select(entry => entry.Held)];
    }

    public void Prolong(HeldLease held, long endsAt)
    {
        foreach (var entry in _entries.Where(entry => entry.Held == held))
        {
            entry.EndsAt = endsAt;
        }
    }

    /// <summary>Ends those whose time is over.</summary>
    public void Lose(long now)
    {
        foreach (var entry in _entries.Where(entry => entry.EndsAt <= now).ToArray())
        {
            _entries.Remove(entry);
            if (entry.Lease.TryGetTarget(out var lease))
            {
                lease.Lose();
            }
        }
    }

    private sealed class Entry(ConcurrencyLease lease, long endsAt)
    {
        public WeakReference<ConcurrencyLease> Lease { get; } = new(lease);

        public HeldLease Held { get; } = lease.Held;

        public long EndsAt { get; set; } = endsAt;
    }
}
