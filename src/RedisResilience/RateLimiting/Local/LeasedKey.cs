namespace RedisResilience.RateLimiting.Local;

/// <summary>One key's lease, and what is known of its need.</summary>
internal sealed class LeasedKey
{
    private readonly Lock _lock = new();
    private volatile Lease? _lease;
    private int _needed;
    private long _accountAtLastSweep = -1;

    public bool TrySpend(RateLimit limit, int permits, LocalClock clock, out RateLimitDecision decision)
    {
        if (_lease is { } lease && lease.IsOf(limit))
        {
            var now = clock.NowFor(lease.Terms.AllCountedUntil);
            if (lease.TrySpend(permits, now, out var left))
            {
                var resetAfter = lease.Answer.ResetAfter - clock.Between(lease.Terms.SentAt, now);
                decision = lease.Answer with
                {
                    Granted = permits,
                    Remaining = lease.Answer.Remaining + left,
                    ResetAfter = resetAfter > TimeSpan.Zero ? resetAfter : TimeSpan.Zero,
                    Decider = RateLimitDecider.Local,
                };
                return true;
            }
        }

        decision = default;
        return false;
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
            _needed = LeaseDemand.Next(_needed, lease.Spent, elapsed > TimeSpan.Zero ? elapsed : TimeSpan.FromTicks(1));
            var remaining = elapsed < lease.Answer.ResetAfter ? lease.Answer.Remaining : limit.Permits;
            return LeaseDemand.Fair(_needed, limit, remaining, nodes);
        }
    }

    /// <returns>The lease before, whose permits go back.</returns>
    public Lease? Replace(Lease? lease)
    {
        lock (_lock)
        {
            var before = _lease;
            _lease = lease;
            return before;
        }
    }

    /// <summary>Asked once in a while: the lease, if nobody has spent anything of it since the last time.</summary>
    public Lease? FindIdle()
    {
        var account = _lease?.Account ?? -1;
        var isIdle = account == _accountAtLastSweep && (int)account > 0;
        _accountAtLastSweep = account;
        return isIdle ? _lease : null;
    }
}
