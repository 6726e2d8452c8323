using BitFaster.Caching.Lru;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>The permits that this process has prefetched from Redis.</summary>
internal sealed class PrefetchedKeys
{
    // Given back at the same time.
    private const int AtOnce = 64;

    // Counts no hits, which would cost a decision a tenth; and disposes what it drops.
    private readonly FastConcurrentLru<LocalKey, PrefetchedKey> _keys;
    private readonly LocalClock _clock;
    private readonly NodeRegistry _nodes;
    private readonly Refunds _refunds;
    private readonly PermitReturns _returns;

    public PrefetchedKeys(int capacity, LocalClock clock, NodeRegistry nodes, Refunds refunds, PermitReturns returns)
    {
        (_clock, _nodes, _refunds, _returns) = (clock, nodes, refunds, returns);
        _keys = new FastConcurrentLru<LocalKey, PrefetchedKey>(capacity);
    }

    /// <summary>Spends permits of a batch. The default value means that there are none.</summary>
    public RateLimitDecision Spend(in LocalKey key, RateLimit limit, int permits) =>
        _keys.TryGet(key, out var prefetched) ? prefetched.Spend(limit, permits, _clock) : default;

    /// <summary>How many permits to prefetch.</summary>
    /// <remarks>None before the server's clock is known, because unspent permits could not go back.</remarks>
    public int Ask(in LocalKey key, RateLimit limit) =>
        _nodes.Clock is not null && _keys.TryGet(key, out var prefetched)
            ? prefetched.Ask(limit, _nodes.Standing.Nodes, _clock.TimeProvider)
            : 0;

    /// <summary>Keeps what Redis gave beyond what was dealt to callers.</summary>
    /// <returns>All that Redis gave.</returns>
    public PrefetchedPermits Fill(LocalKey key, RateLimit limit, in RateLimitDecision answer, int dealt, long sentAt)
    {
        var batch = new PrefetchedPermits(
            limit, PrefetchTerms.Of(limit, answer, _clock.TimeProvider, sentAt), answer, answer.Granted, dealt);
        _ = ReturnAsync(key, _keys.GetOrAdd(key, static (key, keys) => keys.New(key), this).Replace(batch));
        return batch;
    }

    /// <summary>
    /// Keeps permits that no caller uses and that cannot go back to Redis. The next calls spend them, unless the key was reset.
    /// </summary>
    /// <returns>Whether nothing is left to do. False when the permits can go back to Redis.</returns>
    public bool TryKeep(LocalKey key, RateLimit limit, in RateLimitDecision answer, int left, long sentAt)
    {
        var terms = PrefetchTerms.Of(limit, answer, _clock.TimeProvider, sentAt);
        var now = _clock.Now;
        if (now < terms.ReturnableUntil)
        {
            return false;
        }

        if (_refunds.IsForgotten(key, sentAt))
        {
            return true;
        }

        _keys.GetOrAdd(key, static (key, keys) => keys.New(key), this)
            .Keep(new PrefetchedPermits(limit, terms, answer, answer.Granted, answer.Granted - left), now);
        return true;
    }

    /// <summary>Permits that were spent were not needed after all. Those of a batch before this one are lost.</summary>
    public void GiveBack(in LocalKey key, RateLimit limit, int permits)
    {
        if (_keys.TryGet(key, out var prefetched))
        {
            prefetched.GiveBack(limit, permits);
        }
    }

    /// <summary>Permits that were spent of a batch were not needed after all: they can be spent again here, or go back.</summary>
    public async ValueTask<bool> GiveBackAsync(
        LocalKey key, PrefetchedPermits batch, int permits, CancellationToken cancellationToken) =>
        TryGiveBack(key, batch, permits)
        || await _refunds.RefundAsync(key.Key, batch.Limit, batch.Answer, permits, cancellationToken).ConfigureAwait(false) == Fault.None;

    /// <summary>Gives back permits of a caller who has left. If Redis does not take them, they are sent again later.</summary>
    public Task ReturnAsync(LocalKey key, PrefetchedPermits batch, int permits) => TryGiveBack(key, batch, permits)
        ? Task.CompletedTask
        : _returns.ReturnAsync(key.Key, batch.Limit, batch.Answer, permits);

    /// <summary>The key was reset, so its batch is dropped.</summary>
    public void Drop(in LocalKey key)
    {
        if (_keys.TryGet(key, out var prefetched))
        {
            prefetched.Replace(null);
        }
    }

    /// <summary>Gives back batches that are not spent. A key with traffic has spent something between two calls of this method.</summary>
    public Task ReturnIdleAsync() => ForEachAsync(key => ReturnAsync(key.Key, key.Value.FindIdle()));

    /// <summary>Gives back everything, as far as that can be done within one deadline from a timestamp on.</summary>
    public Task ReturnAllAsync(long startedAt)
    {
        var refunds = _refunds.Since(startedAt);
        return ForEachAsync(key => key.Value.Replace(null) is { } batch && batch.Close(_clock.Now) is > 0 and var left
            ? refunds.RefundAsync(key.Key.Key, batch.Limit, batch.Answer, left, CancellationToken.None).AsTask()
            : Task.CompletedTask);
    }

    private async Task ForEachAsync(Func<KeyValuePair<LocalKey, PrefetchedKey>, Task> giveBack)
    {
        foreach (var keys in _keys.Chunk(AtOnce))
        {
            await Task.WhenAll(keys.Select(giveBack)).ConfigureAwait(false);
        }
    }

    private PrefetchedKey New(LocalKey key) => new(batch => _ = ReturnAsync(key, batch));

    private bool TryGiveBack(in LocalKey key, PrefetchedPermits batch, int permits) =>
        (_keys.TryGet(key, out var known) && known.TryGiveBack(batch, permits))
        || TryKeep(key, batch.Limit, batch.Answer, permits, batch.Terms.SentAt);

    private Task ReturnAsync(in LocalKey key, PrefetchedPermits? batch) => batch?.Close(_clock.Now) is > 0 and var left
        ? _returns.ReturnAsync(key.Key, batch.Limit, batch.Answer, left)
        : Task.CompletedTask;
}
