namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>The batch of one key, and the key's demand.</summary>
/// <param name="giveBack">Gives back what is left of a batch.</param>
internal sealed class PrefetchedKey(Action<PrefetchedPermits> giveBack) : IDisposable
{
    private readonly Lock _lock = new();
    private volatile PrefetchedPermits? _batch;
    private int _needed;
    private long _accountAtLastSweep = -1;

    /// <summary>Spends permits of the batch. The default value means that there are none.</summary>
    public RateLimitDecision Spend(RateLimit limit, int permits, LocalClock clock)
    {
        if (_batch is { } batch && batch.IsOf(limit))
        {
            var now = clock.NowFor(batch.Terms.AllCountedUntil);
            if (batch.TrySpend(permits, now, out var left))
            {
                var resetAfter = batch.Answer.ResetAfter - clock.Between(batch.Terms.SentAt, now);
                return batch.Answer with
                {
                    Granted = permits,
                    Remaining = batch.Answer.Remaining + left,
                    ResetAfter = resetAfter > TimeSpan.Zero ? resetAfter : TimeSpan.Zero,
                    Source = DecisionSource.Local,
                    Origin = batch.Origin,
                };
            }
        }

        return default;
    }

    /// <summary>Permits of a batch were not needed. False: it has been replaced.</summary>
    public bool TryGiveBack(PrefetchedPermits batch, int permits)
    {
        lock (_lock)
        {
            if (_batch != batch)
            {
                return false;
            }

            batch.GiveBack(permits);
            return true;
        }
    }

    public void GiveBack(RateLimit limit, int permits)
    {
        if (_batch is { } batch && batch.IsOf(limit))
        {
            batch.GiveBack(permits);
        }
    }

    /// <summary>How many permits to prefetch.</summary>
    public int Ask(RateLimit limit, int nodes, TimeProvider timeProvider)
    {
        lock (_lock)
        {
            // The first call learns how things stand.
            if (_batch is not { } batch || !batch.IsOf(limit))
            {
                return 0;
            }

            var elapsed = timeProvider.GetElapsedTime(batch.Terms.SentAt);
            _needed = PrefetchDemand.Next(_needed, batch.Spent, elapsed > TimeSpan.Zero ? elapsed : TimeSpan.FromTicks(1));
            var remaining = elapsed < batch.Answer.ResetAfter ? batch.Answer.Remaining : limit.Permits;
            return PrefetchDemand.Fair(_needed, limit, remaining, nodes);
        }
    }

    /// <summary>Keeps the permits that a caller did not use, in addition to the batch, or instead of it if they are worth more.</summary>
    public void Keep(PrefetchedPermits left, long now)
    {
        lock (_lock)
        {
            if (_batch is null || (_batch.IsOf(left.Limit) && _batch.SpendableAt(now) < left.SpendableAt(now)))
            {
                _batch = left;
            }
            else if (_batch.IsOf(left.Limit) && _batch.Terms.SentAt <= left.Terms.SentAt)
            {
                // What was taken later is forgotten later. The other way round it might be spent after Redis has forgotten it.
                _batch.Add(left.Left);
            }
        }
    }

    /// <returns>The batch before, whose permits go back.</returns>
    public PrefetchedPermits? Replace(PrefetchedPermits? batch)
    {
        lock (_lock)
        {
            var before = _batch;
            _batch = batch;
            return before;
        }
    }

    /// <summary>The key is known no longer.</summary>
    public void Dispose()
    {
        if (Replace(null) is { } batch)
        {
            giveBack(batch);
        }
    }

    /// <summary>Returns the batch if no permit of it was spent since the last call. It is called at intervals.</summary>
    public PrefetchedPermits? FindIdle()
    {
        var account = _batch?.Account ?? -1;
        var isIdle = account == _accountAtLastSweep && (int)account > 0;
        _accountAtLastSweep = account;
        return isIdle ? _batch : null;
    }
}
