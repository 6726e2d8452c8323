namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>Every lease that was ever given, with the time when it ends. Times are in microseconds.</summary>
internal sealed class LeaseOracle(int limit, long leaseTime)
{
    private readonly Dictionary<long, (int Permits, long End)> _leases = [];

    public long LastLease { get; private set; } = long.MinValue;

    public int Free(long now) => limit - _leases.Values.Where(lease => lease.End > now).Sum(lease => lease.Permits);

    public bool IsStanding(long lease, long now) => _leases.TryGetValue(lease, out var held) && held.End > now;

    public void Give(long lease, int permits, long now)
    {
        _leases.Add(lease, (permits, now + leaseTime));
        LastLease = lease;
    }

    public void Renew(long lease, long now)
    {
        if (IsStanding(lease, now))
        {
            _leases[lease] = _leases[lease] with { End = now + leaseTime };
        }
    }

    public void Release(long lease) => _leases.Remove(lease);
}
