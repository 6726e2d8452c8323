namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>Every lease that was ever given, with the time when it ends. Times are in microseconds.</summary>
internal sealed class LeaseOracle
{
    private readonly Dictionary<long, (int Permits, long Time, long End)> _leases = [];

    public long LastLease { get; private set; } = long.MinValue;

    public int Free(int limit, long now) => Math.Max(0, limit - Held(now));

    public bool IsStanding(long lease, long now)
    {
        Held(now);
        return _leases.ContainsKey(lease);
    }

    /// <summary>How many permits somebody may have who asks for so many, of a limit with such a lease time.</summary>
    public int Grant(int limit, long time, int most, int least, long now)
    {
        if (Free(limit, now) < Math.Max(most, 1))
        {
            // Whoever is denied waits for a lease time at the most, from now on: what the clock said before does not count any more.
            foreach (var (lease, held) in _leases.Where(lease => lease.Value.End > now + time).ToArray())
            {
                _leases[lease] = held with { End = Math.Min(held.End, now + held.Time) };
            }
        }

        var granted = Math.Min(most, Free(limit, now));
        return granted < least ? 0 : granted;
    }

    public void Give(long lease, int permits, long time, long now)
    {
        _leases.Add(lease, (permits, time, now + time));
        LastLease = lease;
    }

    public void Renew(long lease, long now)
    {
        if (IsStanding(lease, now))
        {
            _leases[lease] = _leases[lease] with { End = now + _leases[lease].Time };
        }
    }

    /// <summary>Takes a lease away without looking at the others. True: it was there, ended or not.</summary>
    public bool Release(long lease) => _leases.Remove(lease);

    // What has ended once is gone, whatever the clock says later. Everything here looks at the time.
    private int Held(long now)
    {
        foreach (var ended in _leases.Where(lease => lease.Value.End <= now).ToArray())
        {
            _leases.Remove(ended.Key);
        }

        return _leases.Values.Sum(lease => lease.Permits);
    }
}
