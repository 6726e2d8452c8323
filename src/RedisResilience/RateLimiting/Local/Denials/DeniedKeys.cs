using BitFaster.Caching.Lru;

namespace RedisResilience.RateLimiting.Local.Denials;

/// <summary>
/// Denies keys in this process until the time until which Redis has denied them, so that a client that keeps asking costs Redis almost
/// nothing.
/// </summary>
/// <param name="capacity">How many keys are remembered.</param>
/// <param name="clock">The clock of local answers.</param>
/// <param name="recheck">How long until one caller asks Redis about a denial again.</param>
internal sealed class DeniedKeys(int capacity, LocalClock clock, TimeSpan recheck)
{
    private readonly long _recheck = clock.TimeProvider.ToTimestamps(recheck);
    private readonly FastConcurrentLru<LocalKey, KeyDenials> _keys = new(capacity);

    /// <summary>Denies what Redis would certainly deny. Not made: it might not.</summary>
    public RateLimitDecision Deny(in LocalKey key, RateLimit limit, int permits, DenialUse use) =>
        _keys.TryGet(key, out var denials) && denials.Find(limit, permits, clock, use, _recheck, out var now) is { } denial
            ? denial.Repeat(clock, now)
            : default;

    /// <summary>Remembers a denial of Redis.</summary>
    /// <param name="key">The denied key.</param>
    /// <param name="limit">The limit that denied.</param>
    /// <param name="permits">The denied cost.</param>
    /// <param name="answer">The answer of Redis.</param>
    /// <param name="sentAt">The timestamp of before the call.</param>
    public void Remember(in LocalKey key, RateLimit limit, int permits, in RateLimitDecision answer, long sentAt)
    {
        if (permits > 0 && answer.RetryAfter > TimeSpan.Zero)
        {
            var denial = Denial.Of(limit, permits, answer, clock.TimeProvider, sentAt, _recheck);
            Of(key).Remember(limit, denial, sentAt, clock.Now);
        }
    }

    /// <summary>Permits were given back, so earlier denials, and denials that are under way, may no longer hold.</summary>
    public void Forget(in LocalKey key) => Of(key).Forget(clock.Now);

    /// <summary>Permits were taken: what was denied is denied still, but perhaps for longer, and with less left.</summary>
    public void Outdate(in LocalKey key)
    {
        if (_keys.TryGet(key, out var denials))
        {
            denials.Forget(clock.Now);
        }
    }

    private KeyDenials Of(in LocalKey key) => _keys.GetOrAdd(key, static _ => new KeyDenials());
}
