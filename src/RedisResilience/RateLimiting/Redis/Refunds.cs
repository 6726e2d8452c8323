using BitFaster.Caching.Lru;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Prefetch;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// Gives permits back that a decision has given, for as long as Redis counts them: later, others would lose what they took since.
/// </summary>
/// <param name="counts">Where they are counted.</param>
/// <param name="nodes">Knows the server's clock.</param>
/// <param name="timeProvider">The clock of this process, by which decisions know when they were asked for.</param>
/// <param name="resets">When this process has last reset a key.</param>
internal sealed class Refunds(
    RedisCounts counts, NodeRegistry nodes, TimeProvider timeProvider, FastConcurrentLru<LocalKey, long> resets)
{
    /// <summary>The same, all of it within one deadline from a timestamp on.</summary>
    public Refunds Since(long startedAt) => new(counts.Since(startedAt), nodes, timeProvider, resets);

    /// <summary>The same, sent another way.</summary>
    public Refunds Through(IRedisGateway redis) => new(counts.Through(redis), nodes, timeProvider, resets);

    /// <summary>A key begins anew: of what was taken before nothing goes back.</summary>
    public void Forget(in LocalKey key) => resets.AddOrUpdate(key, timeProvider.GetTimestamp());

    /// <summary>Whether the key has begun anew since something was asked for: what was given is worth nothing.</summary>
    public bool IsForgotten(in LocalKey key, long askedAt) => resets.TryGet(key, out var resetAt) && askedAt <= resetAt;

    /// <returns>Why it could not be done. None: it was, or there is nothing more to give back.</returns>
    public async ValueTask<Fault> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int permits, CancellationToken cancellationToken)
    {
        // Also where a clock was set back, after which the server may think that they count on.
        if (timeProvider.GetElapsedTime(decision.Origin.AskedAt) >= decision.ResetAfter
            || IsForgotten(LocalKey.Of(key, limit), decision.Origin.AskedAt))
        {
            return Fault.None;
        }

        // Where nodes spend what they have taken ahead while a bucket misses it, nothing may come back to the bucket before its time.
        if (limit.MaximumPrefetch > 0
            && PrefetchTerms.Of(limit, decision, timeProvider, decision.Origin.AskedAt).ReturnableUntil <= timeProvider.GetTimestamp())
        {
            return Fault.None;
        }

        var time = decision.Origin.Time;
        if (time == 0)
        {
            // A fixed window asks no clock when it decides. The server's is looked at now, once in a while.
            var (clock, fault) = await SeeClockAsync(key, limit, cancellationToken).ConfigureAwait(false);
            if (clock is null)
            {
                return fault;
            }

            time = clock.At(decision.Origin.AskedAt);
        }

        var request = PermitRequest.Return(permits, decision.TimesForReturn(limit, time));
        var answer = await counts.EvaluateAsync(key, limit, request, cancellationToken).ConfigureAwait(false);
        return answer.Fault;
    }

    private async ValueTask<(ServerClock? Clock, Fault Fault)> SeeClockAsync(
        string key, RateLimit limit, CancellationToken cancellationToken)
    {
        if (nodes.Clock is { } seen)
        {
            return (seen, Fault.None);
        }

        var answer = await counts.EvaluateAsync(key, limit, PermitRequest.Return(0, until: [0]), cancellationToken).ConfigureAwait(false);

        // To look does nothing: whatever came of it, nothing has been sent that gives back.
        return answer.IsAnswered
            ? (nodes.See(answer.Value.Fifth), Fault.None)
            : (null, answer.Fault.WasNotSent() ? answer.Fault : Fault.CircuitOpen);
    }
}
