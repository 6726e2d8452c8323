using BitFaster.Caching.Lru;

namespace RedisResilience.RateLimiting.Local;

/// <summary>The permits that this node has taken in Redis ahead of its callers.</summary>
internal sealed class LeasedKeys
{
    // Given back at the same time.
    private const int AtOnce = 64;

    private readonly ConcurrentLru<LocalKey, LeasedKey> _keys;
    private readonly TimeProvider _timeProvider;
    private readonly NodeCensus _census;
    private readonly LeaseReturns _returns;

    public LeasedKeys(int capacity, TimeProvider timeProvider, NodeCensus census, LeaseReturns returns)
    {
        (_timeProvider, _census, _returns) = (timeProvider, census, returns);
        _keys = new ConcurrentLru<LocalKey, LeasedKey>(capacity);
        _keys.Events.Value!.ItemRemoved += (_, removed) => ReturnAsync(removed.Key, removed.Value!.Replace(null));
    }

    public bool TrySpend(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        if (_keys.TryGet(LocalKey.Of(key, limit), out var leased))
        {
            return leased.TrySpend(limit, permits, _timeProvider, out decision);
        }

        decision = default;
        return false;
    }

    /// <summary>How many permits to ask for beyond those that callers wait for.</summary>
    /// <remarks>None before Redis has been heard: what is not spent could not go back.</remarks>
    public int Ask(string key, RateLimit limit) =>
        _census.Clock is not null && _keys.TryGet(LocalKey.Of(key, limit), out var leased) ? leased.Ask(limit, _census.Standing.Nodes, _timeProvider) : 0;

    /// <summary>Keeps what Redis gave beyond what was dealt to callers.</summary>
    public void Fill(string key, RateLimit limit, in RateLimitDecision answer, int dealt, long sentAt)
    {
        var lease = new Lease(limit, LeaseTerms.Of(limit, answer, _timeProvider, sentAt), answer, answer.Granted, dealt);
        var place = LocalKey.Of(key, limit);
        _ = ReturnAsync(place, _keys.GetOrAdd(place, static _ => new LeasedKey()).Replace(lease));
    }

    /// <summary>The key begins anew: what was taken of it is worth nothing.</summary>
    public void Drop(string key, RateLimit limit)
    {
        if (_keys.TryGet(LocalKey.Of(key, limit), out var leased))
        {
            leased.Replace(null);
        }
    }

    /// <summary>Gives back what nobody spends. Between two calls a key with any traffic has spent something.</summary>
    public Task ReturnIdleAsync() => ReturnAsync(static leased => leased.FindIdle());

    public Task ReturnAllAsync() => ReturnAsync(static leased => leased.Replace(null));

    private async Task ReturnAsync(Func<LeasedKey, Lease?> choose)
    {
        foreach (var keys in _keys.Chunk(AtOnce))
        {
            await Task.WhenAll(keys.Select(key => ReturnAsync(key.Key, choose(key.Value)))).ConfigureAwait(false);
        }
    }

    private Task ReturnAsync(LocalKey key, Lease? lease) =>
        lease?.Close(_timeProvider.GetTimestamp()) is > 0 and var left ? _returns.ReturnAsync(key.Key, lease, left) : Task.CompletedTask;
}
