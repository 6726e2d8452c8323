using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Removes entries: one by its key, or many by a new version of their tag or namespace.</summary>
internal sealed class Removals(IEntryStore store, VersionCopies tags, VersionCopies spaces, TimeProvider timeProvider)
{
    private readonly Namespaces _namespaces = new(spaces);

    /// <summary>True when the store has acknowledged it.</summary>
    public ValueTask<bool> ApplyAsync(Removal removal, CancellationToken cancellationToken) => removal.Kind switch
    {
        RemovalKind.Tag => tags.ReplaceAsync(removal.Name, cancellationToken),
        RemovalKind.Namespace => spaces.ReplaceAsync(removal.Name, cancellationToken),
        _ => RemoveAsync(removal.Name, cancellationToken),
    };

    private async ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        // Where it most probably is, and what it is called by now, in one round trip.
        var startedAt = timeProvider.GetTimestamp();
        var probable = _namespaces.ResolveByLast(key);
        var removal = store.RemoveAsync(probable, cancellationToken);
        var now = await _namespaces.ResolveNowAsync(key, startedAt).ConfigureAwait(false);
        var isRemoved = (await removal.ConfigureAwait(false)).IsAnswered;

        // A removal without an answer is not asked for again here: who waits for it has waited long enough, and it is remembered.
        return now == probable ? isRemoved
            : now is not null && (await store.Since(startedAt).RemoveAsync(now, cancellationToken).ConfigureAwait(false)).IsAnswered;
    }
}
