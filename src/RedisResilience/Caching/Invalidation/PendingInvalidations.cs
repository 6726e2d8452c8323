using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Removals that the store has not acknowledged: remembered, and made good before this process reads what they concern.</summary>
internal sealed class PendingInvalidations(Removals removals, int capacity, TimeProvider timeProvider)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Removal, long> _pending = new();
    private readonly Lock _lock = new();
    private volatile bool _isEmpty = true;
    private long _number;
    private int _isRetrying;

    /// <summary>Asked for by every read: the map itself would take all of its locks to say so.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Whether a key may still hold what was to be removed.</summary>
    public bool IsDoubtful(string key) =>
        !_isEmpty
        && (_pending.ContainsKey(Removal.OfKey(key)) || (Removal.OfNamespaceOf(key) is { } space && _pending.ContainsKey(space)));

    public void Remember(Removal removal)
    {
        if (_pending.Count >= capacity && !_pending.ContainsKey(removal))
        {
            // So many that their namespace is no longer worth keeping. A key without one is forgotten: its caller was told that it is not certain.
            if (Removal.OfNamespaceOf(removal.Name) is not { } space || removal.Kind != RemovalKind.Key)
            {
                ResilienceMetrics.RecordWrite("invalidation_forgotten");
                return;
            }

            removal = space;
        }

        lock (_lock)
        {
            _pending[removal] = ++_number;
            _isEmpty = false;
        }

        if (Interlocked.Exchange(ref _isRetrying, 1) == 0)
        {
            _ = RetryAsync();
        }
    }

    /// <summary>Makes good what concerns one key. False when the store still does not answer.</summary>
    public async ValueTask<bool> TryApplyAsync(string key)
    {
        // Both are on their way before either is awaited: they take the time of one.
        var ofKey = TryApplyAsync(Removal.OfKey(key), removals);
        var isSpaceDone = Removal.OfNamespaceOf(key) is not { } space || await TryApplyAsync(space, removals).ConfigureAwait(false);
        return await ofKey.ConfigureAwait(false) && isSpaceDone;
    }

    /// <summary>Makes all of it good. False when the store still does not answer.</summary>
    public async ValueTask<bool> TryApplyAllAsync(Removals through)
    {
        foreach (var (removal, _) in _pending)
        {
            if (!await TryApplyAsync(removal, through).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> TryApplyAsync(Removal removal, Removals through)
    {
        if (!_pending.TryGetValue(removal, out var number))
        {
            return true;
        }

        if (!await through.ApplyAsync(removal, CancellationToken.None).ConfigureAwait(false))
        {
            return false;
        }

        // Unless it was asked for once more meanwhile.
        lock (_lock)
        {
            _pending.TryRemove(new KeyValuePair<Removal, long>(removal, number));
            _isEmpty = _pending.IsEmpty;
        }

        return true;
    }

    // The circuit may be closed all the while, as after one lost reply: then nobody else comes back to it.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "In the background, where nobody would hear of it: it is tried again.")]
    private async Task RetryAsync()
    {
        while (!_isEmpty)
        {
            await Task.Delay(RetryInterval, timeProvider).ConfigureAwait(false);
            try
            {
                await TryApplyAllAsync(removals).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // As said.
            }
        }

        Interlocked.Exchange(ref _isRetrying, 0);
        if (!_isEmpty && Interlocked.Exchange(ref _isRetrying, 1) == 0)
        {
            _ = RetryAsync();
        }
    }
}
