using BitFaster.Caching.Lru;

namespace RedisResilience.RateLimiting.Local;

/// <summary>The permits that this node has taken in Redis ahead of its callers.</summary>
internal sealed class LeasedKeys
{
    private readonly ConcurrentLru<LocalKey, LeasedKey> _keys;
    private readonly TimeProvider _timeProvider;
    private readonly NodeCensus _census;
    private readonly LeaseReturns _returns;

    public LeasedKeys(int capacity, TimeProvider timeProvider, NodeCensus census, LeaseReturns returns)
    {
        (_timeProvider, _census, _returns) = (timeProvider, census, returns);
        _keys = new ConcurrentLru<LocalKey, LeasedKey>(capacity);
        _keys.Events.Value!.ItemRemoved += (_, removed) => Return(removed.Key, removed.Value!.Replace(null));
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
    public int Ask(string key, RateLimit limit) =>
        _keys.TryGet(LocalKey.Of(key, limit), out var leased) ? leased.Ask(limit, _census.Standing.Nodes, _timeProvider) : 0;

    /// <summary>Keeps what Redis gave beyond what was dealt to callers.</summary>
    public void Fill(string key, RateLimit limit, in RateLimitDecision answer, int dealt, long sentAt)
    {
        var lease = new Lease(limit, LeaseTerms.Of(limit, answer, _timeProvider, sentAt), answer, answer.Granted, dealt);
        var place = LocalKey.Of(key, limit);
        Return(place, _keys.GetOrAdd(place, static _ => new LeasedKey()).Replace(lease));
    }

    /// <summary>The key begins anew: what was taken of it is worth nothing.</summary>
    public void Drop(string key, RateLimit limit)
    {
        if (_keys.TryGet(LocalKey.Of(key, limit), out var leased))
        {
            leased.Replace(null);
        }
    }

    /// <summary>Gives back what is not being spent. Between two calls a key with any traffic has spent something.</summary>
    public void ReturnIdle()
    {
        foreach (var (key, leased) in _keys)
        {
            Return(key, leased.FindIdle());
        }
    }

    public void ReturnAll()
    {
        foreach (var (key, leased) in _keys)
        {
            Return(key, leased.Replace(null));
        }
    }

    private void Return(LocalKey key, Lease? lease)
    {
        if (lease?.Close(_timeProvider.GetTimestamp()) is > 0 and var left)
        {
            _returns.Return(key.Key, lease, left);
        }
    }
}
