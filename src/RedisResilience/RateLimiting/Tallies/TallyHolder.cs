using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>The tally of one key, one call at a time. Another kind of limit begins anew.</summary>
internal sealed class TallyHolder
{
    private readonly Lock _lock = new();
    private Tally? _tally;

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
            var tally = (ConcurrencyTally)Begin(limit, now);
            var standing = 0L;
            for (var place = 0; place < leases.Count; place++)
            {
                standing |= tally.TryRenew(leases[place].Id) ? 1L << place : 0;
            }

            return standing;
        }
    }

    public void Release(Concurrency limit, HeldLease lease, long now)
    {
        lock (_lock)
        {
            ((ConcurrencyTally)Begin(limit, now)).Release(lease.Id);
        }
    }

    private Tally Begin(RateLimit limit, long now)
    {
        if (_tally?.IsOf(limit) != true)
        {
            _tally = limit.NewTally();
        }

        _tally.Begin(limit, now);
        return _tally;
    }
}
