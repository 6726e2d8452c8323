using BitFaster.Caching.Lru;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Local.Fallback;

/// <summary>
/// <see cref="FailurePolicy.Local"/>: while Redis cannot be asked this node enforces its share of each limit, beginning with what it last knew to be left,
/// and tells Redis when it is back.
/// </summary>
internal sealed class LocalFallback(RedisCounts counts, NodeRegistry nodes, LocalClock clock, int capacity) : IRecoveryStep, IDisposable
{
    // Told at the same time: enough to be quick, and few for a server that has just come back.
    private const int AtOnce = 64;

    private readonly FastConcurrentLru<LocalKey, KeyShare> _keys = new(capacity);
    private readonly InMemoryRateLimiter _leases = new(clock.TimeProvider, capacity);

    /// <summary>Remembers what Redis says, for when it says nothing any more.</summary>
    public void Learn(in LocalKey key, RateLimit limit, in RateLimitDecision answer)
    {
        var share = Of(key);
        if (share.Learn(limit, answer))
        {
            _ = TellAsync(key, share, counts);
        }
    }

    public RateLimitDecision Decide(in LocalKey key, RateLimit limit, in PermitRequest request)
    {
        // What is held is given back to whoever gave it: nothing of it is owed to Redis.
        if (limit.IsHeld)
        {
            return limit.ShareOf(nodes.Standing) is { } share
                ? _leases.Decide(key.Key, share with { Name = limit.Name }, request) with { Limit = limit.Permits, Source = DecisionSource.FailurePolicy }
                : RateLimitDecision.Uncounted(request.Unit == 0, limit, 0, DecisionSource.FailurePolicy);
        }

        return Of(key).Decide(limit, request, nodes.Standing);
    }

    /// <summary>Tells Redis what was taken, before it is asked again.</summary>
    /// <returns>True: Redis is not kept waiting for what it could not be told.</returns>
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        var back = counts.Through(redis);
        foreach (var keys in _keys.Chunk(AtOnce))
        {
            var told = await Task.WhenAll(keys.Select(key => TellAsync(key.Key, key.Value, back))).ConfigureAwait(false);
            if (told.Contains(false))
            {
                break;
            }
        }

        return true;
    }

    public void Dispose() => _leases.Dispose();

    // As much as there is of it: where the nodes have taken more than was left, nothing is left now.
    private static async Task<bool> TellAsync(LocalKey key, KeyShare share, RedisCounts counts)
    {
        var owed = share.TakeOwed(out var limit);
        if (owed == 0)
        {
            return true;
        }

        var request = PermitRequest.UpTo(owed);
        var answer = await counts.EvaluateAsync(key.Key, limit!, request, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsAnswered)
        {
            share.Learn(limit!, limit!.Decide(request, answer.Value, DecisionSource.Redis));
        }
        else if (answer.Fault.WasNotSent())
        {
            // What may have been sent may have been counted, and is not sent again.
            share.GiveBackOwed(owed);
        }

        return answer.IsAnswered;
    }

    private KeyShare Of(in LocalKey key) => _keys.GetOrAdd(key, static (_, clock) => new KeyShare(clock), clock);
}
