using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits.Concurrent;

/// <summary>Permits held at the same time: the leases and when they end.</summary>
internal sealed class ConcurrencyCounter : Counter<Concurrency>
{
    private readonly Dictionary<long, CountedLease> _leases = [];
    private long _lastLease;
    private int _held;

    public override int Available => Math.Max(0, Limit.Permits - _held);

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _leases.Count == 0;

    // Nobody knows when a lease is given back.
    public override long Reset => 0;

    private long Time => Limit.LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond;

    public override long Wait(int permits) => 0;

    public override ScriptReply Answer(in PermitRequest request)
    {
        if (_held + Math.Max(request.Most, 1) > Limit.Permits)
        {
            // Before anybody is denied: no lease ends later than it lasts, unless the clock has been set back since.
            var latest = Now + Time;
            foreach (var lease in _leases.Values)
            {
                lease.End = lease.End > latest ? Math.Min(lease.End, Now + lease.Time) : lease.End;
            }
        }

        return base.Answer(request) with { Fifth = _lastLease };
    }

    public override void Take(int permits)
    {
        _lastLease = Math.Max(_lastLease + 1, Now);
        _leases.Add(_lastLease, new CountedLease(permits, Time) { End = Now + Time });
        _held += permits;
    }

    /// <summary>Prolongs a lease, if it has not ended.</summary>
    public bool TryRenew(long name)
    {
        if (!_leases.TryGetValue(name, out var lease))
        {
            return false;
        }

        lease.End = Now + lease.Time;
        return true;
    }

    /// <summary>Gives a lease back, if it is still there.</summary>
    public bool TryRelease(long name)
    {
        if (!_leases.Remove(name, out var lease))
        {
            return false;
        }

        _held -= lease.Permits;
        return true;
    }

    protected override void OnBegin()
    {
        foreach (var (name, lease) in _leases)
        {
            if (lease.End <= Now)
            {
                TryRelease(name);
            }
        }
    }

    /// <param name="permits">How many permits it holds.</param>
    /// <param name="time">How many microseconds it lasts without a renewal.</param>
    private sealed class CountedLease(int permits, long time)
    {
        public int Permits => permits;

        public long Time => time;

        public long End { get; set; }
    }
}
