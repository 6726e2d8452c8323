using System.Runtime.CompilerServices;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Gives back leases that nobody holds: at once, or, if that is not possible, as soon as the store is available again.</summary>
internal sealed class LeaseReturns : IRecoveryStep, IDisposable
{
    /// <summary>How often to look for what can be tried again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // More than can be under way when the store goes away; those beyond it end by themselves.
    private const int MostRemembered = 16 * 1024;

    // Calls at the same time.
    private const int AtOnce = 256;

    private readonly Lock _lock = new();
    private readonly HashSet<UnreturnedLease> _unreturned = [];
    private readonly ILeaseStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private bool _isArmed;

    public LeaseReturns(ILeaseStore store, TimeProvider timeProvider)
    {
        (_store, _timeProvider) = (store, timeProvider);
        _timer = timeProvider.CreateTimer(
            static state => _ = ((LeaseReturns)state!).TryAgainAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many remembered leases may still exist.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _unreturned.Count;
            }
        }
    }

    /// <summary>Gives a lease back. Never throws.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="isUnheard">Whether the reply to its request is missing. The lease may still be granted.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReturnAsync(HeldLease lease, bool isUnheard = false)
    {
        var found = _store.IsAway ? null : await _store.ReleaseAsync(lease).ConfigureAwait(false);
        if (found is null || (isUnheard && found == 0))
        {
            Remember(new UnreturnedLease(lease, isUnheard));
        }
    }

    /// <summary>Gives back all remembered leases, as far as one deadline allows.</summary>
    public Task ReturnAllAsync() =>
        _store.IsAway ? Task.CompletedTask : ReturnAsync(_store.Since(_timeProvider.GetTimestamp()), Remembered(dueAt: long.MaxValue));

    /// <summary>The store is back. Leases that nobody holds go back before any caller asks.</summary>
    /// <returns>True: Redis is not kept waiting for what could not go back.</returns>
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        await ReturnAsync(_store.Through(redis), Remembered(dueAt: long.MaxValue)).ConfigureAwait(false);
        return true;
    }

    public void Dispose() => _timer.Dispose();

    private void Remember(UnreturnedLease unreturned)
    {
        lock (_lock)
        {
            if (_unreturned.Count < MostRemembered && _unreturned.Add(unreturned))
            {
                unreturned.NextAt = After(unreturned.Pause);
                Arm_NeedsLock();
            }
        }
    }

    private async Task TryAgainAsync()
    {
        // While the store is away, the recovery sees to it.
        if (!_store.IsAway)
        {
            await ReturnAsync(_store, Remembered(_timeProvider.GetTimestamp())).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _isArmed = false;
            Arm_NeedsLock();
        }
    }

    private UnreturnedLease[] Remembered(long dueAt)
    {
        lock (_lock)
        {
            return [.. _unreturned.Where(unreturned => unreturned.NextAt <= dueAt)];
        }
    }

    private async Task ReturnAsync(ILeaseStore store, UnreturnedLease[] unreturned)
    {
        var calls = unreturned.GroupBy(one => one.Lease.Key).SelectMany(key => key.Chunk(ILeaseStore.MostLeases));
        foreach (var together in calls.Chunk(AtOnce))
        {
            await Task.WhenAll(together.Select(leases => ReturnKeyAsync(store, leases))).ConfigureAwait(false);
        }
    }

    private async Task ReturnKeyAsync(ILeaseStore store, UnreturnedLease[] unreturned)
    {
        var found = await store.ReleaseAsync([.. unreturned.Select(one => one.Lease)]).ConfigureAwait(false);
        lock (_lock)
        {
            for (var place = 0; place < unreturned.Length; place++)
            {
                var one = unreturned[place];
                var isReturned = (found >> place & 1) == 1;
                if (isReturned || !one.TryAgain(isAnswered: found is not null))
                {
                    _unreturned.Remove(one);
                }
                else
                {
                    one.NextAt = After(one.Pause);
                }
            }
        }
    }

    private void Arm_NeedsLock()
    {
        if (!_isArmed && _unreturned.Count > 0)
        {
            _isArmed = true;
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private long After(TimeSpan time) => _timeProvider.GetTimestamp() + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);
}
