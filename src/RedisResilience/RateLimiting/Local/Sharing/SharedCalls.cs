using System.Collections.Concurrent;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.RateLimiting.Local.Sharing;

/// <summary>
/// The keys with calls under way. The first call of a key costs only a counter. From the second concurrent call on, there is a shared call
/// to join.
/// </summary>
internal sealed class SharedCalls(AcquirePath path, TimeProvider timeProvider)
{
    // By hash: two keys that share a counter make a call that nobody needs, and no more.
    private readonly int[] _underWay = new int[4096];
    private readonly ConcurrentDictionary<LocalKey, SharedCall> _calls = new();

    public long Now => timeProvider.GetTimestamp();

    /// <summary>Waits for the next call of the key together with others. Null when no caller asks for the same now.</summary>
    public Task<RateLimitDecision>? Join(in LocalKey key, RateLimit limit, int permits, CancellationToken cancellationToken)
    {
        return Volatile.Read(ref UnderWay(key)) > 0 && _calls.TryGetValue(key, out var call)
            ? call.Join(limit, permits, cancellationToken)?.Task
            : null;
    }

    /// <summary>A call has just been sent.</summary>
    /// <returns>
    /// Begins a call that others can join. Null when no other caller asks for the same, or when there is such a call already.
    /// </returns>
    public SharedCall? Begin(in LocalKey key, RateLimit limit, int permits)
    {
        if (Interlocked.Increment(ref UnderWay(key)) == 1)
        {
            return null;
        }

        var call = new SharedCall(this, path, key, limit, permits);
        if (!_calls.TryAdd(key, call))
        {
            return null;
        }

        Interlocked.Increment(ref UnderWay(key));
        return call;
    }

    /// <summary>A call that <see cref="Begin"/> has counted has ended.</summary>
    public void End(in LocalKey key) => Interlocked.Decrement(ref UnderWay(key));

    /// <summary>Nobody waits for a call's next call.</summary>
    public void Remove(in LocalKey key, SharedCall call)
    {
        _calls.TryRemove(new(key, call));
        Interlocked.Decrement(ref UnderWay(key));
    }

    private ref int UnderWay(in LocalKey key) => ref _underWay[key.GetHashCode() & (_underWay.Length - 1)];
}
