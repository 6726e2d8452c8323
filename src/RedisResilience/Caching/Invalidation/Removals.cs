using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Removes entries: one by its key, or many by another version of what they have in common.</summary>
internal sealed class Removals(IEntryStore store, VersionCopies tags, Namespaces namespaces, TimeProvider timeProvider)
{
    /// <summary>True when the store has acknowledged it.</summary>
    public ValueTask<bool> ApplyAsync(Removal removal, CancellationToken cancellationToken) => removal.Kind switch
    {
        RemovalKind.Tag => ReplaceAsync(removal.Name, cancellationToken),
        RemovalKind.Namespace => RaiseAsync(removal.Name, cancellationToken),
        _ => RemoveAsync(removal.Name, cancellationToken),
    };

    private async ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var startedAt = timeProvider.GetTimestamp();
        var resolving = namespaces.ResolveAsync(key);
        long? since = resolving.IsCompleted ? null : startedAt;
        var first = since is null ? store : store.Since(startedAt);
        if (await resolving.ConfigureAwait(false) is not { } known)
        {
            return false;
        }

        // Where it most probably is, and what it is called by now, in one round trip.
        var removal = first.RemoveAsync(known, cancellationToken);
        var now = await namespaces.ResolveNowAsync(key, since).ConfigureAwait(false);
        var isRemoved = (await removal.ConfigureAwait(false)).IsAnswered;

        // A removal without an answer is not asked for again here: who waits for it has waited long enough, and it is remembered.
        return now == known ? isRemoved
            : now is not null && (await store.Since(startedAt).RemoveAsync(now, cancellationToken).ConfigureAwait(false)).IsAnswered;
    }

    private async ValueTask<bool> ReplaceAsync(string tag, CancellationToken cancellationToken)
    {
        var answer = await store.VersionAsync(tags.KeyOf(tag), VersionChange.Replace, TagVersion.NewSpread(), cancellationToken).ConfigureAwait(false);
        tags.Forget(tag);
        return answer.IsAnswered;
    }

    private async ValueTask<bool> RaiseAsync(string name, CancellationToken cancellationToken)
    {
        var key = namespaces.VersionKey(name, out var lowest);
        var answer = await store.VersionAsync(key, VersionChange.Raise, lowest, cancellationToken).ConfigureAwait(false);
        namespaces.Forget(name);
        return answer.IsAnswered;
    }
}
