using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Filling;

/// <summary>Gives leases back, and again where the store did not answer: one that nobody has any more would keep all others waiting until
/// it ends.</summary>
internal sealed class LeaseReleases(IEntryStore store, TimeProvider timeProvider)
{
    private const int Capacity = 1024;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<UnreleasedLease, byte> _pending = new();
    private int _isRetrying;

    public bool IsEmpty => _pending.IsEmpty;

    /// <param name="key">The entry's key.</param>
    /// <param name="token">The lease's token.</param>
    /// <param name="leaseTime">How long it may stand yet.</param>
    /// <param name="coolDown">For how long nobody who has a stale entry is given another; zero for not at all.</param>
    public async ValueTask ReleaseAsync(string key, long token, TimeSpan leaseTime, TimeSpan coolDown)
    {
        var answer = await store.ReleaseAsync(key, token, coolDown).ConfigureAwait(false);
        if (!answer.IsAnswered && _pending.Count < Capacity)
        {
            _pending.TryAdd(new UnreleasedLease(
                key, token, coolDown, timeProvider.GetTimestamp() + (long)(leaseTime.TotalSeconds * timeProvider.TimestampFrequency)), 0);
            if (Interlocked.Exchange(ref _isRetrying, 1) == 0)
            {
                _ = RetryAsync();
            }
        }
    }

    /// <summary>Gives back what is left over, all at once. What gets no answer again is left over still.</summary>
    public async Task ReleaseAllAsync(IEntryStore through)
    {
        var now = timeProvider.GetTimestamp();
        await Task.WhenAll(_pending.Keys.Select(async lease =>
        {
            if (now >= lease.EndsAt
                || (await through.ReleaseAsync(lease.Key, lease.Token, lease.CoolDown).ConfigureAwait(false)).IsAnswered)
            {
                _pending.TryRemove(lease, out _);
            }
        })).ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "In the background, where nobody would "
        + "hear of it: it is tried again.")]
    private async Task RetryAsync()
    {
        while (!_pending.IsEmpty)
        {
            await Task.Delay(RetryInterval, timeProvider).ConfigureAwait(false);
            try
            {
                await ReleaseAllAsync(store).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // As said.
            }
        }

        Interlocked.Exchange(ref _isRetrying, 0);
        if (!_pending.IsEmpty && Interlocked.Exchange(ref _isRetrying, 1) == 0)
        {
            _ = RetryAsync();
        }
    }
}
