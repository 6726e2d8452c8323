using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local.Denials;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Local;

/// <summary>
/// Everything that this process knows about keys without asking Redis: denied keys, prefetched permits, and shares in an outage.
/// </summary>
internal sealed class LocalKnowledge : IAsyncDisposable
{
    private readonly DeniedKeys _denied;
    private readonly PrefetchedKeys _prefetched;
    private readonly LocalFallback _shares;
    private readonly Maintenance _maintenance;
    private readonly LocalClock _clock;

    public LocalKnowledge(
        RedisCounts counts,
        NodeRegistry nodes,
        Refunds refunds,
        PermitReturns returns,
        LeaseKeeper held,
        TimeProvider timeProvider,
        int capacity,
        TimeSpan denialRecheck)
    {
        _clock = new LocalClock(timeProvider);
        _denied = new DeniedKeys(capacity, _clock, denialRecheck);
        _prefetched = new PrefetchedKeys(capacity, _clock, nodes, refunds, returns);
        _shares = new LocalFallback(counts, nodes, held, _clock, capacity);
        _maintenance = new Maintenance(nodes, _prefetched, _shares, timeProvider);
    }

    /// <summary>The report to Redis before Redis is used again.</summary>
    public IRecoveryStep Recovery => _shares;

    /// <summary>A timestamp of the clock of local answers.</summary>
    public long Now => _clock.Now;

    /// <summary>
    /// Decides without Redis if this process is certain. The default value means that it is not. A known key has been checked.
    /// </summary>
    /// <remarks>
    /// Returned and not handed out by reference, here and below: what is returned lies on the stack, where references are written without a
    /// barrier.
    /// </remarks>
    public RateLimitDecision Answer(in LocalKey key, RateLimit limit, int permits, DenialUse use)
    {
        if (permits <= 0 || permits > limit.Permits)
        {
            return default;
        }

        if (limit.MaximumPrefetch > 0)
        {
            var spent = _prefetched.Spend(key, limit, permits);
            if (spent.IsMade)
            {
                return spent;
            }
        }

        return _denied.Deny(key, limit, permits, use);
    }

    /// <summary>How many permits to prefetch.</summary>
    public int PermitsAhead(in LocalKey key, RateLimit limit)
    {
        if (limit.MaximumPrefetch == 0)
        {
            return 0;
        }

        _maintenance.Start();
        return _prefetched.Ask(key, limit);
    }

    /// <summary>Stores what an answer of Redis implies, and returns the decision for the callers.</summary>
    public RateLimitDecision Learn(in AcquireRequest request, in RateLimitDecision answer)
    {
        var (key, limit, unit) = (request.Key, request.Limit, request.Permits.Unit);
        if (!answer.IsAllowed)
        {
            _denied.Remember(key, limit, unit, answer, request.AskedAt);
        }
        else if (answer.Granted > 0)
        {
            _denied.Outdate(key);
        }

        if (limit.FailurePolicy == FailurePolicy.Local)
        {
            _maintenance.Start();
            _shares.Learn(key, limit, answer);
        }

        if (limit.MaximumPrefetch == 0 || answer.Granted == 0 || request.Callers == 0)
        {
            return answer;
        }

        var dealt = Math.Min(request.Callers, answer.Granted / unit) * unit;
        var batch = _prefetched.Fill(key, limit, answer, dealt, request.AskedAt);
        return answer with
        {
            Granted = dealt,
            Remaining = answer.Remaining + answer.Granted - dealt,
            Origin = new PermitOrigin(answer.Origin.Time, answer.Origin.AskedAt, batch),
        };
    }

    /// <summary>The decision of the limit's failure policy.</summary>
    public RateLimitDecision Fail(in LocalKey key, RateLimit limit, in PermitRequest request)
    {
        // What Redis has denied it would deny still: to be unreachable frees nothing.
        var decision = request.Unit > 0 ? _denied.Deny(key, limit, request.Unit, DenialUse.Unanswered) : default;
        if (decision.IsMade)
        {
            DecisionTelemetry.Record(decision, DecisionTelemetry.Locally, key.Key, limit);
            return decision;
        }

        if (limit.FailurePolicy == FailurePolicy.Local)
        {
            _maintenance.Start();
            decision = _shares.Decide(key, limit, request);
        }
        else
        {
            var isAllowed = limit.FailurePolicy == FailurePolicy.Allow;
            decision = RateLimitDecision.Uncounted(
                isAllowed, limit, (int)Math.Min(request.Most, limit.Permits), DecisionSource.FailurePolicy);
        }

        DecisionTelemetry.Record(decision, DecisionTelemetry.ByFailurePolicy, key.Key, limit);
        return decision;
    }

    /// <summary> Gives back permits of a limit with prefetching: to this process's batch, and never to Redis. </summary>
    /// <remarks>
    /// Redis cannot distinguish them from permits that it has counted since. Permits that Redis no longer counts are not spent from the
    /// batch either.
    /// </remarks>
    public void GiveBack(in LocalKey key, RateLimit limit, int permits)
    {
        _denied.Forget(key);
        _prefetched.GiveBack(key, limit, permits);
    }

    /// <summary>Keeps permits that a caller has left behind, where they cannot go back to Redis.</summary>
    /// <returns>Whether nothing is left to do. False when the permits can go back to Redis.</returns>
    public bool TryKeep(in LocalKey key, RateLimit limit, in RateLimitDecision answer, int left, long sentAt) =>
        limit.MaximumPrefetch > 0 && _prefetched.TryKeep(key, limit, answer, left, sentAt);

    /// <summary>Gives back permits of a batch that this node has taken ahead.</summary>
    public ValueTask<bool> GiveBackAsync(in LocalKey key, PrefetchedPermits batch, int permits, CancellationToken cancellationToken)
    {
        _denied.Forget(key);
        return _prefetched.GiveBackAsync(key, batch, permits, cancellationToken);
    }

    /// <summary>Gives back permits of a caller who has left.</summary>
    public Task ReturnAsync(in LocalKey key, PrefetchedPermits batch, int permits)
    {
        _denied.Forget(key);
        return _prefetched.ReturnAsync(key, batch, permits);
    }

    /// <summary>Permits went back, or the count was reset. Denials are forgotten, and after a reset so are prefetched permits.</summary>
    public void Forget(in LocalKey key, bool isReset)
    {
        _denied.Forget(key);
        if (isReset)
        {
            _prefetched.Drop(key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _maintenance.DisposeAsync().ConfigureAwait(false);
        _shares.Dispose();
    }
}
