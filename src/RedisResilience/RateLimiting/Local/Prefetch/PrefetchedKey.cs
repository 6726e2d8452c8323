namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>One key's lease, and what is known of its need.</summary>
/// <param name="giveBack">Gives back what is left of a lease.</param>
internal sealed class PrefetchedKey(Action<PrefetchedPermits> giveBack) : IDisposable
{
    private readonly Lock _lock = new();
    private volatile PrefetchedPermits? _lease;
    private int _needed;
    private long _accountAtLastSweep = -1;

    /// <summary>Spends permits of the lease. Not made: there are none.</summary>
    public RateLimitDecision Spend(RateLimit limit, int permits, LocalClock clock)
    {
        if (_lease is { } lease && lease.IsOf(limit))
        {
            var now = clock.NowFor(lease.Terms.AllCountedUntil);
            if (lease.TrySpend(permits, now, out var left))
            {
                var resetAfter = lease.Answer.ResetAfter - clock.Between(lease.Terms.SentAt, now);
                return lease.Answer with
                {
                    Granted = permits,
                    Remaining = lease.Answer.Remaining + left,
                    ResetAfter = resetAfter > TimeSpan.Zero ? resetAfter : TimeSpan.Zero,
                    Source = DecisionSource.Local,
                };
            }
        }

        return default;
    }

    public void GiveBack(RateLimit limit, int permits)
    {
        if (_lease is { } lease && lease.IsOf(limit))
        {
            lease.GiveBack(permits);
        }
    }

    /// <summary>How many permits to ask for beyond those that callers wait for.</summary>
    public int Ask(RateLimit limit, int nodes, TimeProvider timeProvider)
    {
        lock (_lock)
        {
            // The first call learns how things stand.
            if (_lease is not { } lease || !lease.IsOf(limit))
            {
                return 0;
            }

            var elapsed = timeProvider.GetElapsedTime(lease.Terms.SentAt);
            _needed = PrefetchDemand.Next(_needed, lease.Spent, elapsed > TimeSpan.Zero ? elapsed : TimeSpan.FromTicks(1));
            var remaining = elapsed < lease.Answer.ResetAfter ? lease.Answer.Remaining : limit.Permits;
            return PrefetchDemand.Fair(_needed, limit, remaining, nodes);
        }
    }

    /// <returns>The lease before, whose permits go back.</returns>
    public PrefetchedPermits? Replace(PrefetchedPermits? lease)
    {
        lock (_lock)
        {
            var before = _lease;
            _lease = lease;
            return before;
        }
    }

    /// <summary>The key is known no longer.</summary>
    public void Dispose()
    {
        if (Replace(null) is { } lease)
        {
            giveBack(lease);
        }
    }

    /// <summary>Asked once in a while: the lease, if nobody has spent anything of it since the last time.</summary>
    public PrefetchedPermits? FindIdle()
    {
        var account = _lease?.Account ?? -1;
        var isIdle = account == _accountAtLastSweep && (int)account > 0;
        _accountAtLastSweep = account;
        return isIdle ? _lease : null;
    }
}
