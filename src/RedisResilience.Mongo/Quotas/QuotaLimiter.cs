using RedisResilience.Mongo.Reading;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.Mongo.Quotas;

/// <summary>
/// Decides a call of a quota: it first takes prefetched permits from Redis, then asks MongoDB, which counts, and then stores in Redis what
/// MongoDB has given.
/// </summary>
internal sealed class QuotaLimiter(QuotaCounts counts, IPermitPool pool, TimeProvider time, ILogger logger)
{
    // Permits that others have just leased may still be on their way to Redis: for so long a denied call looks for them.
    private static readonly TimeSpan MostLooking = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private bool _isUncounted;

    /// <exception cref="NotSupportedException">The server is too old for the quota.</exception>
    public async ValueTask<RateLimitDecision> DecideAsync(
        string key, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAndAskAsync(terms.IdOf(key), terms, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            return Uncounted(terms, request, failure);
        }
        catch (MongoException refused) when (terms.Window.FirstVersion is { } first)
        {
            var version = await counts.ReadVersionAsync(cancellationToken).ConfigureAwait(false);
            throw version < first
                ? new NotSupportedException($"A {terms.Window.Kind} quota needs MongoDB {first}, and this server is {version}.", refused)
                : refused;
        }
    }

    /// <summary>Gives permits back to the bucket that counts now.</summary>
    public ValueTask<bool> RefundAsync(string key, QuotaTerms terms, int permits, CancellationToken cancellationToken) =>
        RefundAsync(terms.IdOf(key), terms, new QuotaRequest(0, Back: permits), cancellationToken);

    /// <summary>Gives permits back to the bucket that they were taken from. If that bucket has ended, there is nothing to do.</summary>
    public ValueTask<bool> RefundAsync(
        string key, QuotaTerms terms, QuotaReceipt receipt, int permits, CancellationToken cancellationToken) =>
        time.GetElapsedTime(time.GetTimestamp(), receipt.EndsAt) is var left && left <= TimeSpan.Zero
            ? new ValueTask<bool>(true)
            : RefundAsync(
                terms.IdOf(key),
                terms,
                new QuotaRequest(
                    0, Refund: permits, RefundFor: left, RefundOf: receipt.Count, RefundAge: time.GetElapsedTime(receipt.AskedAt)),
                cancellationToken);

    public async ValueTask<bool> ResetAsync(string key, QuotaTerms terms, CancellationToken cancellationToken)
    {
        var id = terms.IdOf(key);
        return await DrainAsync(id, terms, cancellationToken).ConfigureAwait(false) is not null
            && await TryAsync(ForgetAsync()).ConfigureAwait(false);

        async ValueTask<bool> ForgetAsync()
        {
            await counts.ForgetAsync(id, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    // The leased ones go back too: they could not be told from those that were used, and a key that is shut has to be opened.
    private async ValueTask<bool> RefundAsync(string id, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken) =>
        await DrainAsync(id, terms, cancellationToken).ConfigureAwait(false) is { } drained
            && await TryAsync(counts.CountAsync(id, terms, request with { Drained = drained }, cancellationToken)).ConfigureAwait(false);

    // Nobody is denied while permits stand in Redis: after MongoDB has denied, it is looked at once more.
    private async ValueTask<RateLimitDecision> LookAndAskAsync(
        string id, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        RateLimitDecision? denied = null;
        var (deniedAt, looksFor) = (0L, TimeSpan.Zero);
        while (true)
        {
            var askedAt = time.GetTimestamp();
            var pooled = terms.IsLeased
                ? await pool.TakeAsync(id, terms.Number, request.Permits, cancellationToken).ConfigureAwait(false)
                : default;
            if (pooled.State is PoolState.Taken or PoolState.Exhausted)
            {
                return denied is { } before && pooled.State == PoolState.Exhausted ? before : Decide(terms, request, pooled) with
                {
                    Receipt = QuotaReceipt.Of(pooled.EndsAfter, askedAt, time),
                };
            }

            var isOver = denied is not null && time.GetElapsedTime(deniedAt) >= looksFor;
            if (denied is null || pooled.TakenOut > 0)
            {
                var (decision, hasJustLeased) = await AskAsync(
                    id, terms, request with { Drained = pooled.TakenOut, CanLease = pooled.State == PoolState.Empty }, cancellationToken)
                    .ConfigureAwait(false);
                if (decision.IsAllowed || pooled.State != PoolState.Empty || isOver)
                {
                    return decision;
                }

                (deniedAt, looksFor) = denied is null
                    ? (time.GetTimestamp(), hasJustLeased ? MostLooking : TimeSpan.Zero)
                    : (deniedAt, looksFor);
                denied = decision;
                continue;
            }

            if (isOver)
            {
                return denied.Value;
            }

            await Task.Delay(Moment, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<(RateLimitDecision Decision, bool HasJustLeased)> AskAsync(
        string id, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        var state = await counts.CountAsync(id, terms, request, cancellationToken).ConfigureAwait(false);
        _isUncounted = false;
        if (request.CanLease && state.ToBatch(time.GetElapsedTime(askedAt)) is { } batch)
        {
            // It is decided: from here on the caller has no say.
            await pool.AddAsync(id, terms.Number, batch, CancellationToken.None).ConfigureAwait(false);
        }

        var receipt = QuotaReceipt.Of(state.EndsAfter, askedAt, time, state.Count);
        return (state.Decide(request) with { Receipt = receipt }, state.HasJustLeased);
    }

    private ValueTask<int?> DrainAsync(string id, QuotaTerms terms, CancellationToken cancellationToken) =>
        terms.IsLeased ? pool.DrainAsync(id, cancellationToken) : new ValueTask<int?>(0);

    private async ValueTask<bool> TryAsync<T>(ValueTask<T> call)
    {
        try
        {
            await call.ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            Say(failure);
            return false;
        }
    }

    private RateLimitDecision Uncounted(QuotaTerms terms, QuotaRequest request, Exception failure)
    {
        Say(failure);
        var isAllowed = terms.FailurePolicy == FailurePolicy.Allow;
        return new RateLimitDecision
        {
            IsAllowed = isAllowed,
            Granted = isAllowed ? request.Permits : 0,
            Limit = terms.Permits,
            Remaining = isAllowed ? terms.Permits : 0,
            Source = DecisionSource.FailurePolicy,
        };
    }

    private void Say(Exception failure)
    {
        if (!_isUncounted)
        {
            Log.Uncounted(logger, failure);
            _isUncounted = true;
        }
    }

    private static RateLimitDecision Decide(QuotaTerms terms, QuotaRequest request, PooledPermits pooled)
    {
        var isAllowed = pooled.State == PoolState.Taken;
        return new RateLimitDecision
        {
            IsAllowed = isAllowed,
            Granted = isAllowed ? request.Permits : 0,
            Limit = terms.Permits,
            Remaining = pooled.Remaining,
            RetryAfter = isAllowed ? TimeSpan.Zero : pooled.EndsAfter,
            ResetAfter = pooled.ResetsAfter,
            Source = DecisionSource.Redis,
        };
    }
}
