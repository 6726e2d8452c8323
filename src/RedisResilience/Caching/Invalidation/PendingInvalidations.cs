using System.Collections.Concurrent;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Removals that the store has not acknowledged. They are repeated before this process reads the affected entries.</summary>
internal sealed class PendingInvalidations
{
    // Few enough not to fill the queue to the server, and enough to be done with thousands within a second.
    private const int BatchSize = 1000;

    private readonly ConcurrentDictionary<Removal, long> _pending = new();
    private readonly Lock _lock = new();
    private readonly Removals _removals;
    private readonly VersionCopies _tags;
    private readonly VersionCopies _spaces;
    private readonly int _capacity;
    private readonly BackgroundRetry _retry;
    private volatile bool _isEmpty = true;
    private long _number;

    public PendingInvalidations(Removals removals, VersionCopies tags, VersionCopies spaces, int capacity, TimeProvider timeProvider)
    {
        (_removals, _tags, _spaces, _capacity) = (removals, tags, spaces, capacity);
        _retry = new BackgroundRetry(() => _isEmpty, () => TryApplyAllAsync(removals).AsTask(), timeProvider);
    }

    /// <summary>Whether there are none. Every read checks this, and the map itself would take all of its locks for it.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Whether a key may still hold what was to be removed.</summary>
    public bool IsDoubtful(string key) =>
        !_isEmpty
        && (_pending.ContainsKey(Removal.OfKey(key))
            || _pending.ContainsKey(Removal.OfNamespaceOf(key))
            || _pending.ContainsKey(Removal.OfAll));

    public void Remember(Removal removal)
    {
        if (_pending.Count >= _capacity && !_pending.ContainsKey(removal))
        {
            // So many that what they have in common is no longer worth keeping.
            removal = removal.Kind == RemovalKind.Key ? Removal.OfNamespaceOf(removal.Name) : Removal.OfAll;
            removal = _pending.Count >= 2 * _capacity ? Removal.OfAll : removal;
        }

        lock (_lock)
        {
            _pending[removal] = ++_number;
            _isEmpty = false;
            if (removal.Kind == RemovalKind.Tag)
            {
                _tags.Doubt(removal.Name);
            }
        }

        _retry.Start();
    }

    /// <summary>Repeats the removals that affect one key. False when the store still does not answer.</summary>
    public ValueTask<bool> TryApplyAsync(string key) =>
        TryApplyAsync([Removal.OfKey(key), Removal.OfNamespaceOf(key), Removal.OfAll], _removals);

    /// <summary>Repeats all removals, many at a time. False when the store still does not answer.</summary>
    public async ValueTask<bool> TryApplyAllAsync(Removals through)
    {
        foreach (var batch in _pending.Keys.Chunk(BatchSize))
        {
            if (!await TryApplyAsync(batch, through).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> TryApplyAsync(Removal[] batch, Removals through)
    {
        // All are on their way before any is awaited: they take the time of one.
        var applied = await Task.WhenAll(batch.Select(removal => TryApplyAsync(removal, through).AsTask())).ConfigureAwait(false);
        return !applied.Contains(false);
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

        if (removal.Kind == RemovalKind.Namespace && through != _removals)
        {
            // Another way to the store has told nobody of the new version.
            _spaces.Forget(removal.Name);
        }

        // Unless it was asked for once more meanwhile.
        lock (_lock)
        {
            if (_pending.TryRemove(new KeyValuePair<Removal, long>(removal, number)) && removal.Kind == RemovalKind.Tag)
            {
                _tags.Trust(removal.Name);
            }

            _isEmpty = _pending.IsEmpty;
        }

        return true;
    }
}
