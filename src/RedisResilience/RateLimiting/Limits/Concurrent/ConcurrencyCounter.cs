using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits.Concurrent;

/// <summary>Permits held at the same time: the leases and when they end.</summary>
internal sealed class ConcurrencyCounter : Counter<Concurrency>
{
    private readonly Dictionary<long, (int Permits, long End)> _leases = [];
    private long _lastLease;
    private int _held;

    public override int Available => Math.Max(0, Limit.Permits - _held);

    // Nobody knows when a lease is given back.
    public override long Reset => 0;

    private long LeaseTime => Limit.LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond;

    public override long Wait(int permits) => 0;

    public override ScriptReply Answer(in PermitRequest request) => base.Answer(request) with { Fifth = _lastLease };

    public override void Take(int permits)
    {
        _lastLease = Math.Max(_lastLease + 1, Now);
        _leases.Add(_lastLease, (permits, Now + LeaseTime));
        _held += permits;
    }

    /// <summary>Prolongs a lease, if it has not ended.</summary>
    public bool TryRenew(long lease)
    {
        if (!_leases.TryGetValue(lease, out var held))
        {
            return false;
        }

        _leases[lease] = held with { End = Now + LeaseTime };
        return true;
    }

    public void Release(long lease)
    {
        if (_leases.Remove(lease, out var held))
        {
            _held -= held.Permits;
        }
    }

    protected override void OnBegin()
    {
        foreach (var (lease, held) in _leases)
        {
            if (held.End <= Now)
            {
                Release(lease);
            }
        }
    }
}
