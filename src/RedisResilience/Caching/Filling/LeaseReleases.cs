using System.Collections.Concurrent;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Caching.Filling;

/// <summary>
/// Releases leases, and repeats a release that the store did not answer. A lease that no caller uses any more would keep all others waiting
/// until it ends.
/// </summary>
internal sealed class LeaseReleases : IRecoveryStep
{
    private const int Capacity = 1024;

    private readonly ConcurrentDictionary<UnreleasedLease, byte> _pending = new();
    private readonly IEntryStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly BackgroundRetry _retry;

    public LeaseReleases(IEntryStore store, TimeProvider timeProvider)
    {
        _store = store;
        _timeProvider = timeProvider;
        _retry = new BackgroundRetry(() => IsEmpty, () => ReleaseAllAsync(_store), timeProvider);
    }

    public bool IsEmpty => _pending.IsEmpty;

    /// <param name="key">The entry's key.</param>
    /// <param name="token">The lease's token.</param>
    /// <param name="leaseTime">How long the lease may still stand.</param>
    /// <param name="coolDown">How long no caller who has a stale entry gets another lease. Zero for no time.</param>
    public async ValueTask ReleaseAsync(string key, long token, TimeSpan leaseTime, TimeSpan coolDown)
    {
        var answer = await _store.ReleaseAsync(key, token, coolDown).ConfigureAwait(false);
        if (!answer.IsAnswered && _pending.Count < Capacity)
        {
            var endsAt = _timeProvider.GetTimestamp() + (long)(leaseTime.TotalSeconds * _timeProvider.TimestampFrequency);
            _pending.TryAdd(new UnreleasedLease(key, token, coolDown, endsAt), 0);
            _retry.Start();
        }
    }

    /// <summary>Gives back what an outage has left over, before others find Redis in use again.</summary>
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        if (!IsEmpty)
        {
            await ReleaseAllAsync(new RedisEntryStore(redis)).ConfigureAwait(false);
        }

        return true;
    }

    // All at once. What gets no answer again is left over still.
    private async Task ReleaseAllAsync(IEntryStore through)
    {
        var now = _timeProvider.GetTimestamp();
        await Task.WhenAll(_pending.Keys.Select(async lease =>
        {
            if (now >= lease.EndsAt
                || (await through.ReleaseAsync(lease.Key, lease.Token, lease.CoolDown).ConfigureAwait(false)).IsAnswered)
            {
                _pending.TryRemove(lease, out _);
            }
        })).ConfigureAwait(false);
    }
}
