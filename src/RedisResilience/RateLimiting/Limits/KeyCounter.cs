using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Limits.Concurrent;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits;

/// <summary>The counter of one key, one call at a time. Another kind of limit begins anew.</summary>
internal sealed class KeyCounter
{
    private readonly Lock _lock = new();
    private Counter? _counter;

    public ScriptReply Answer(RateLimit limit, in PermitRequest request, long now)
    {
        lock (_lock)
        {
            return Begin(limit, now).Answer(request);
        }
    }

    /// <summary>Prolongs leases; the bits of those that still stand.</summary>
    public long Renew(Concurrency limit, IReadOnlyList<HeldLease> leases, long now)
    {
        lock (_lock)
        {
            var counter = (ConcurrencyCounter)Begin(limit, now);
            var standing = 0L;
            for (var place = 0; place < leases.Count; place++)
            {
                standing |= counter.TryRenew(leases[place].Id) ? 1L << place : 0;
            }

            return standing;
        }
    }

    public void Release(Concurrency limit, HeldLease lease, long now)
    {
        lock (_lock)
        {
            ((ConcurrencyCounter)Begin(limit, now)).Release(lease.Id);
        }
    }

    private Counter Begin(RateLimit limit, long now)
    {
        if (_counter?.IsOf(limit) != true)
        {
            _counter = limit.NewCounter();
        }

        _counter.Begin(limit, now);
        return _counter;
    }
}
