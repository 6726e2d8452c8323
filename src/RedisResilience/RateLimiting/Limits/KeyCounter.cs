using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Limits.Concurrent;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits;

/// <summary>The counter of one key, one call at a time. A limit of another kind begins a new count with its first permit.</summary>
internal sealed class KeyCounter
{
    private readonly Lock _lock = new();
    private Counter? _counter;

    public ScriptReply Answer(RateLimit limit, in PermitRequest request, long now)
    {
        lock (_lock)
        {
            var counter = _counter?.IsOf(limit) == true ? _counter : limit.NewCounter();
            counter.Begin(limit, now);
            var reply = counter.Answer(request);
            if (reply.First > 0)
            {
                _counter = counter;
            }

            return reply;
        }
    }

    /// <summary>Prolongs leases. The result has a bit for each that still exists.</summary>
    public long Renew(ReadOnlySpan<HeldLease> leases, long now)
    {
        lock (_lock)
        {
            (_counter as ConcurrencyCounter)?.Begin(leases[0].Limit, now);
            return ForEach(leases, static (counter, name) => counter.TryRenew(name));
        }
    }

    /// <summary>Gives leases back. The result has a bit for each that existed until now.</summary>
    public long Release(ReadOnlySpan<HeldLease> leases)
    {
        lock (_lock)
        {
            return ForEach(leases, static (counter, name) => counter.TryRelease(name));
        }
    }

    private long ForEach(ReadOnlySpan<HeldLease> leases, Func<ConcurrencyCounter, long, bool> act)
    {
        // Another kind of limit may count under this key by now: then the leases are gone, and its count is not.
        var bits = 0L;
        for (var place = 0; _counter is ConcurrencyCounter counter && place < leases.Length; place++)
        {
            bits |= act(counter, leases[place].Name) ? 1L << place : 0;
        }

        return bits;
    }
}
