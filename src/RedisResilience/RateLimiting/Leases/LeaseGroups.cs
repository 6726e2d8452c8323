using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>The leases that this process holds, by their keys. The keeper makes sure that calls do not overlap.</summary>
internal sealed class LeaseGroups(LeaseSchedule schedule)
{
    private readonly Dictionary<LocalKey, LeaseGroup> _groups = [];

    /// <summary>How many permits of a key are held.</summary>
    public int PermitsOf(in LocalKey key) => _groups.TryGetValue(key, out var group) ? group.Permits : 0;

    /// <summary>Adds a lease that has to be renewed at a timestamp.</summary>
    public void Add(HeldLease held, long renewAt)
    {
        if (!_groups.TryGetValue(held.Key, out var group))
        {
            _groups.Add(held.Key, group = new LeaseGroup(held.Key));
        }

        group.Add(held);
        group.RenewAt = Math.Min(group.RenewAt, renewAt);
        if (group.QueuePlace < 0 || Math.Min(renewAt, held.EndsAt) < group.DueAt)
        {
            schedule.Set(group, Math.Min(renewAt, held.EndsAt));
        }
    }

    /// <summary>Makes all groups due for renewal now.</summary>
    public void RenewAll(long now)
    {
        foreach (var group in _groups.Values)
        {
            group.RenewAt = now;
            schedule.Set(group, now);
        }
    }

    /// <summary>Removes a group without leases. During a renewal the group stays, so that a key never has two groups.</summary>
    public void RemoveIfEmpty(LeaseGroup group)
    {
        if (group.IsEmpty && group.Renewals == 0)
        {
            _groups.Remove(group.Key);
            schedule.Remove(group);
        }
    }

    /// <summary>Takes all leases out.</summary>
    public HeldLease[] Clear()
    {
        HeldLease[] held = [.. _groups.Values.SelectMany(group => group.Leases)];
        foreach (var lease in held)
        {
            lease.Group!.Remove(lease);
        }

        _groups.Clear();
        return held;
    }
}
