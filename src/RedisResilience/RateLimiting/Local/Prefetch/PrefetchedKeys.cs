using BitFaster.Caching.Lru;

namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>The permits that this node has taken in Redis ahead of its callers.</summary>
internal sealed class PrefetchedKeys
{
    // Given back at the same time.
    private const int AtOnce = 64;

    // Counts no hits, which would cost a decision a tenth; and disposes what it drops.
    private readonly FastConcurrentLru<LocalKey, PrefetchedKey> _keys;
    private readonly LocalClock _clock;
    private readonly NodeRegistry _nodes;
    private readonly PrefetchReturns _returns;

    public PrefetchedKeys(int capacity, LocalClock clock, NodeRegistry nodes, PrefetchReturns returns)
    {
        (_clock, _nodes, _returns) = (clock, nodes, returns);
        _keys = new FastConcurrentLru<LocalKey, PrefetchedKey>(capacity);
    }

    /// <summary>Spends permits of a lease. Not made: there are none.</summary>
    public RateLimitDecision Spend(in LocalKey key, RateLimit limit, int permits) =>
        _keys.TryGet(key, out var leased) ? leased.Spend(limit, permits, _clock) : default;

    /// <summary>How many permits to ask for beyond those that callers wait for.</summary>
    /// <remarks>None before Redis has been heard: what is not spent could not go back.</remarks>
    public int Ask(in LocalKey key, RateLimit limit) =>
        _nodes.Clock is not null && _keys.TryGet(key, out var leased) ? leased.Ask(limit, _nodes.Standing.Nodes, _clock.TimeProvider) : 0;

    /// <summary>Keeps what Redis gave beyond what was dealt to callers.</summary>
    public void Fill(LocalKey key, RateLimit limit, in RateLimitDecision answer, int dealt, long sentAt)
    {
        var lease = new PrefetchedPermits(
            limit, PrefetchTerms.Of(limit, answer, _clock.TimeProvider, sentAt), answer, answer.Granted, dealt);
        _ = ReturnAsync(key, _keys.GetOrAdd(key, static (key, keys) => keys.New(key), this).Replace(lease), _returns);
    }

    /// <summary>Permits that were spent were not needed after all. Those of a batch before this one are lost.</summary>
    public void GiveBack(in LocalKey key, RateLimit limit, int permits)
    {
        if (_keys.TryGet(key, out var leased))
        {
            leased.GiveBack(limit, permits);
        }
    }

    /// <summary>The key begins anew: what was taken of it is worth nothing.</summary>
    public void Drop(in LocalKey key)
    {
        if (_keys.TryGet(key, out var leased))
        {
            leased.Replace(null);
        }
    }

    /// <summary>Gives back what nobody spends. Between two calls a key with any traffic has spent something.</summary>
    public Task ReturnIdleAsync() => ReturnAsync(static leased => leased.FindIdle(), _returns);

    /// <summary>Gives back everything, as far as that can be done within one deadline from a timestamp on.</summary>
    public Task ReturnAllAsync(long startedAt) => ReturnAsync(static leased => leased.Replace(null), _returns.Since(startedAt));

    private async Task ReturnAsync(Func<PrefetchedKey, PrefetchedPermits?> choose, PrefetchReturns returns)
    {
        foreach (var keys in _keys.Chunk(AtOnce))
        {
            await Task.WhenAll(keys.Select(key => ReturnAsync(key.Key, choose(key.Value), returns))).ConfigureAwait(false);
        }
    }

    private PrefetchedKey New(LocalKey key) => new(lease => ReturnAsync(key, lease, _returns));

    private Task ReturnAsync(LocalKey key, PrefetchedPermits? lease, PrefetchReturns returns) =>
        lease?.Close(_clock.Now) is > 0 and var left ? returns.ReturnAsync(key.Key, lease, left) : Task.CompletedTask;
}
