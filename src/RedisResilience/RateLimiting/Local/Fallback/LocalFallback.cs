using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Local.Fallback;

/// <summary>
/// <see cref="FailurePolicy.Local"/>: while Redis cannot be asked, this process enforces its share of each limit, beginning with the last
/// known number of permits, and reports to Redis when it is back.
/// </summary>
internal sealed class LocalFallback(
    RedisCounts counts, NodeRegistry nodes, LeaseKeeper held, LocalClock clock, int capacity) : IRecoveryStep, IDisposable
{
    // Told at the same time: enough to be quick, and few for a server that has just come back.
    private const int AtOnce = 64;

    // Asked in one second for what other nodes have taken meanwhile: some milliseconds of a server's time.
    private const int RefreshedAtOnce = 256;

    // What is known while Redis answers; and what was asked for while it does not, which no flood of other keys may push out.
    private readonly FastConcurrentLru<LocalKey, KeyShare> _keys = new(capacity);
    private readonly ConcurrentDictionary<LocalKey, KeyShare> _outage = new();

    // Of more keys than can be remembered in an outage, all of a limit are one key.
    private readonly ConcurrentDictionary<string, KeyShare> _crowds = new();
    private readonly HeldShares _leases = new(clock);

    /// <summary>Remembers what Redis says, for when it says nothing any more.</summary>
    public void Learn(in LocalKey key, RateLimit limit, in RateLimitDecision answer)
    {
        var share = Of(key);
        if (share.Learn(limit, answer, limit.IsHeld ? held.HeldOf(key) : 0))
        {
            _ = TellAsync(key, share, counts);
        }
    }

    public RateLimitDecision Decide(in LocalKey key, RateLimit limit, in PermitRequest request)
    {
        var share = InOutage(key, limit);
        return limit.IsHeld
            ? Hold(key, limit, request, share.MostHeld(limit, nodes.Standing) - held.HeldOf(key))
            : share.Decide(limit, request, nodes.Standing);
    }

    /// <summary>
    /// Asks Redis what is left of keys that other nodes may have taken from, so that all nodes divide the same when it is away.
    /// </summary>
    public async Task RefreshAsync()
    {
        if (nodes.Standing.Nodes == 1)
        {
            return;
        }

        var due = _keys.Where(known => known.Value.IsToBeRefreshed).OrderBy(known => known.Value.LearnedAt).Take(RefreshedAtOnce).ToArray();
        foreach (var some in due.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(known => RefreshAsync(known.Key, known.Value))).ConfigureAwait(false);
        }
    }

    /// <summary>Reports to Redis what was taken, before callers ask Redis again.</summary>
    /// <returns>True. Redis is used again even if a report has failed.</returns>
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        var back = counts.Through(redis);
        _crowds.Clear();
        foreach (var keys in _outage.ToArray().Chunk(AtOnce))
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

    // What is held is given back to whoever gave it: nothing of it is owed to Redis.
    private RateLimitDecision Hold(in LocalKey key, RateLimit limit, in PermitRequest request, int most) => most > 0
        ? _leases.Decide(key, limit.OfHeld(most), request) with
        {
            Limit = limit.Permits,
            Source = DecisionSource.FailurePolicy,
        }
        : RateLimitDecision.Uncounted(request.Unit == 0, limit, 0, DecisionSource.FailurePolicy) with { Remaining = 0 };

    // As much as there is of it: where the nodes have taken more than was left, nothing is left now.
    private async Task<bool> TellAsync(LocalKey key, KeyShare share, RedisCounts counts)
    {
        var owed = share.TakeOwed(out var limit);
        if (owed == 0)
        {
            Settle(key, share);
            return true;
        }

        var request = PermitRequest.UpTo(owed);
        var answer = await counts.EvaluateAsync(key.Key, limit!, request, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsAnswered)
        {
            share.Learn(limit!, limit!.Decide(request, answer.Value, DecisionSource.Redis, askedAt: 0));
            Settle(key, share);
        }
        else if (answer.Fault.MayHaveRun())
        {
            Settle(key, share);
        }
        else
        {
            share.GiveBackOwed(owed);
        }

        return answer.IsAnswered;
    }

    private async Task RefreshAsync(LocalKey key, KeyShare share)
    {
        var (limit, look) = (share.Limit!, PermitRequest.Exactly(0));
        var answer = await counts.EvaluateAsync(key.Key, limit, look, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsAnswered)
        {
            Learn(key, limit, limit.Decide(look, answer.Value, DecisionSource.Redis, askedAt: 0));
        }
    }

    // Told, or not to be told again: what may have been sent may have been counted.
    private void Settle(in LocalKey key, KeyShare share)
    {
        if (_outage.TryRemove(new(key, share)))
        {
            _keys.AddOrUpdate(key, share);
        }
    }

    private KeyShare Of(in LocalKey key) =>
        _outage.TryGetValue(key, out var share) ? share : _keys.GetOrAdd(key, static (_, clock) => new KeyShare(clock), clock);

    private KeyShare InOutage(in LocalKey key, RateLimit limit) =>
        _outage.TryGetValue(key, out var share) ? share
        : _outage.Count < capacity ? _outage.GetOrAdd(key, Of(key))
        : _crowds.GetOrAdd(limit.Name ?? "", static (_, clock) => new KeyShare(clock), clock);
}
