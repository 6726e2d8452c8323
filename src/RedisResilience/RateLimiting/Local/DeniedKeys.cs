using BitFaster.Caching.Lru;

namespace RedisResilience.RateLimiting.Local;

/// <summary>Keys that Redis has denied until a certain time are denied here until then: a client that keeps knocking costs Redis nothing.</summary>
internal sealed class DeniedKeys(int capacity, TimeProvider timeProvider)
{
    private readonly ConcurrentLru<LocalKey, KeyDenials> _keys = new(capacity);

    /// <summary>Denies what Redis would certainly deny.</summary>
    public bool TryDeny(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        if (_keys.TryGet(LocalKey.Of(key, limit), out var denials))
        {
            var now = timeProvider.GetTimestamp();
            if (denials.Find(limit, permits, now) is { } denial)
            {
                decision = denial.Repeat(timeProvider, now);
                return true;
            }
        }

        decision = default;
        return false;
    }

    /// <summary>Remembers a denial of Redis.</summary>
    /// <param name="key">The denied key.</param>
    /// <param name="limit">The limit that denied.</param>
    /// <param name="permits">The denied cost.</param>
    /// <param name="answer">What Redis said.</param>
    /// <param name="sentAt">The timestamp of before the call.</param>
    public void Remember(string key, RateLimit limit, int permits, in RateLimitDecision answer, long sentAt)
    {
        if (permits > 0 && answer.RetryAfter > TimeSpan.Zero)
        {
            var denial = Denial.Of(limit, permits, answer, timeProvider, sentAt);
            Of(key, limit).Remember(limit, denial, sentAt, timeProvider.GetTimestamp());
        }
    }

    /// <summary>Permits were given back: what was denied before may be allowed now, and what is being denied right now, too.</summary>
    public void Forget(string key, RateLimit limit) => Of(key, limit).Forget(timeProvider.GetTimestamp());

    /// <summary>Permits were taken: what was denied is denied still, but perhaps for longer, and with less left.</summary>
    public void Outdate(string key, RateLimit limit)
    {
        if (_keys.TryGet(LocalKey.Of(key, limit), out var denials))
        {
            denials.Forget(timeProvider.GetTimestamp());
        }
    }

    private KeyDenials Of(string key, RateLimit limit) => _keys.GetOrAdd(LocalKey.Of(key, limit), static _ => new KeyDenials());
}
