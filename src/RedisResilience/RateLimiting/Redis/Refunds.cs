using BitFaster.Caching.Lru;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Prefetch;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// Gives back the permits of a decision for as long as Redis counts them. A later refund would take permits from other callers.
/// </summary>
/// <param name="counts">The counts.</param>
/// <param name="nodes">Knows the server's clock.</param>
/// <param name="timeProvider">The clock of this process, by which decisions know when they were asked for.</param>
/// <param name="resets">When this process has last reset a key.</param>
internal sealed class Refunds(
    RedisCounts counts, NodeRegistry nodes, TimeProvider timeProvider, FastConcurrentLru<LocalKey, long> resets)
{
    /// <summary>The same refunds, with one deadline from a timestamp on.</summary>
    public Refunds Since(long startedAt) => new(counts.Since(startedAt), nodes, timeProvider, resets);

    /// <summary>The same refunds through another gateway.</summary>
    public Refunds Through(IRedisGateway redis) => new(counts.Through(redis), nodes, timeProvider, resets);

    /// <summary>Records a reset of a key: permits that were taken before do not go back.</summary>
    public void Forget(in LocalKey key) => resets.AddOrUpdate(key, timeProvider.GetTimestamp());

    /// <summary>Whether the key was reset after a call was made, so that the permits of the call must not go back.</summary>
    public bool IsForgotten(in LocalKey key, long askedAt) => resets.TryGet(key, out var resetAt) && askedAt <= resetAt;

    /// <returns>The fault. None when the permits went back, or there was nothing to give back.</returns>
    public async ValueTask<Fault> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int permits, CancellationToken cancellationToken)
    {
        // This check also covers a server whose clock was set back, which may still count the permits.
        if (timeProvider.GetElapsedTime(decision.Origin.AskedAt) >= decision.ResetAfter
            || IsForgotten(LocalKey.Of(key, limit), decision.Origin.AskedAt))
        {
            return Fault.None;
        }

        // Processes spend prefetched permits of a bucket while the bucket counts them as taken, so nothing may go back to it early.
        if (limit.MaximumPrefetch > 0
            && PrefetchTerms.Of(limit, decision, timeProvider, decision.Origin.AskedAt).ReturnableUntil <= timeProvider.GetTimestamp())
        {
            return Fault.None;
        }

        var time = decision.Origin.Time;
        if (time == 0)
        {
            // The script of a fixed window reads no clock. So the server's clock is read now, at most once in a while.
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

        // Reading the clock changes nothing, so no refund has been sent, whatever the result is.
        return answer.IsAnswered
            ? (nodes.See(answer.Value.Fifth), Fault.None)
            : (null, answer.Fault.WasNotSent() ? answer.Fault : Fault.CircuitOpen);
    }
}
