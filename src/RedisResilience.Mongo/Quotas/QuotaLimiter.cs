using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.Mongo.Quotas;

/// <summary>First the permits that stand in Redis, where there are some; then MongoDB, which counts; then what Redis is to be told.</summary>
internal sealed class QuotaLimiter(QuotaCounts counts, IPermitPool pool, TimeProvider time, ILogger logger)
{
    // A denied call looks again when permits that others have just leased may still be on their way to Redis.
    private const int MostLooks = 4;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    // Where MongoDB itself is slow, a denial is not worth waiting for again.
    private static readonly TimeSpan MostLooking = TimeSpan.FromMilliseconds(250);

    private bool _isUncounted;

    public async ValueTask<RateLimitDecision> DecideAsync(string key, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        var (id, startedAt) = (terms.IdOf(key), time.GetTimestamp());
        try
        {
            for (var looks = 1; ; looks++)
            {
                var (decision, isFinal) = await AskAsync(id, terms, request, cancellationToken).ConfigureAwait(false);
                if (isFinal || looks == MostLooks || time.GetElapsedTime(startedAt) >= MostLooking)
                {
                    return decision;
                }

                await Task.Delay(Moment, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (IsAway(failure))
        {
            return Uncounted(terms, request, failure);
        }
    }

    public async ValueTask<bool> RefundAsync(string key, QuotaTerms terms, int permits, CancellationToken cancellationToken)
    {
        // The leased ones go back too: they could not be told from those that were used.
        var id = terms.IdOf(key);
        return await DrainAsync(id, terms, cancellationToken).ConfigureAwait(false) is { } drained
            && await TryAsync(counts.CountAsync(id, terms, new QuotaRequest(0, Back: (int)Math.Min(int.MaxValue, (long)permits + drained)), cancellationToken)).ConfigureAwait(false);
    }

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

    private async ValueTask<(RateLimitDecision Decision, bool IsFinal)> AskAsync(string id, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        var pooled = terms.IsLeased ? await pool.TakeAsync(id, terms.Number, request.Permits, cancellationToken).ConfigureAwait(false) : default;
        if (pooled.State is PoolState.Taken or PoolState.Exhausted)
        {
            return (Decide(terms, request, pooled), IsFinal: true);
        }

        var askedAt = time.GetTimestamp();
        var asked = request with { Back = pooled.TakenOut, CanLease = pooled.State == PoolState.Empty };
        var state = await counts.CountAsync(id, terms, asked, cancellationToken).ConfigureAwait(false);
        _isUncounted = false;
        if (asked.CanLease && state.ToBatch(time.GetElapsedTime(askedAt)) is { } batch)
        {
            // It is decided: from here on the caller has no say.
            await pool.AddAsync(id, terms.Number, batch, CancellationToken.None).ConfigureAwait(false);
        }

        var decision = state.Decide(request);
        return (decision, IsFinal: decision.IsAllowed || !asked.CanLease || !state.HasJustLeased);
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
        catch (Exception failure) when (IsAway(failure))
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

    private static bool IsAway(Exception failure) => failure is MongoException or TimeoutException or MongoUnavailableException;
}
