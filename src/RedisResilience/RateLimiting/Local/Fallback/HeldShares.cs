using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Limits.Concurrent;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Local.Fallback;

/// <summary>
/// The permits that this node lets be held while Redis cannot be asked. A key is counted for as long as something of it is held: no flood
/// of other keys makes it forgotten, and there are no more of them than holders.
/// </summary>
internal sealed class HeldShares : ILeaseStore, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LocalKey, ConcurrencyCounter> _counters = [];
    private readonly LocalClock _clock;
    private readonly LeaseKeeper _keeper;

    public HeldShares(LocalClock clock) => (_clock, _keeper) = (clock, new LeaseKeeper(this, clock.TimeProvider));

    /// <summary>Lets permits be held, of as many as this node may hold by itself.</summary>
    public RateLimitDecision Decide(in LocalKey key, RateLimit limit, in PermitRequest request)
    {
        var askedAt = _clock.Now;
        ScriptReply reply;
        lock (_lock)
        {
            var counter = _counters.GetValueOrDefault(key) ?? new ConcurrencyCounter();
            counter.Begin(limit, _clock.MicrosecondsAt(askedAt));
            reply = counter.Answer(request);
            if (reply.First > 0)
            {
                _counters[key] = counter;
            }
        }

        var decision = limit.Decide(request, reply, DecisionSource.Local, askedAt);
        return decision.Granted > 0
            ? decision with { Lease = _keeper.Hold(limit.ToLease(key, reply.Fifth, decision.Granted), reply.Fifth, askedAt) }
            : decision.IsAllowed ? decision with { Lease = new ConcurrencyLease(permits: 0) }
            : decision;
    }

    /// <summary>Stops renewing leases: their holders lose them.</summary>
    public void Dispose() => _keeper.DisposeAsync().AsTask().GetAwaiter().GetResult();

    ValueTask<long?> ILeaseStore.RenewAsync(params ReadOnlySpan<HeldLease> leases) =>
        new(ForEach(leases, static (counter, name) => counter.TryRenew(name)));

    ValueTask<long?> ILeaseStore.ReleaseAsync(params ReadOnlySpan<HeldLease> leases) =>
        new(ForEach(leases, static (counter, name) => counter.TryRelease(name)));

    private long ForEach(ReadOnlySpan<HeldLease> leases, Func<ConcurrencyCounter, long, bool> act)
    {
        lock (_lock)
        {
            var bits = 0L;
            if (_counters.TryGetValue(leases[0].Key, out var counter))
            {
                counter.Begin(leases[0].Limit, _clock.MicrosecondsAt(_clock.Now));
                for (var place = 0; place < leases.Length; place++)
                {
                    bits |= act(counter, leases[place].Name) ? 1L << place : 0;
                }

                if (counter.IsEmpty)
                {
                    _counters.Remove(leases[0].Key);
                }
            }

            return bits;
        }
    }
}
