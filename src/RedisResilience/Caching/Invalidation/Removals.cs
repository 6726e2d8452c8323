using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Removes entries: one by its key, or many by another version of what they have in common.</summary>
internal sealed class Removals(IEntryStore store, VersionCopies tags, Namespaces namespaces)
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
        // Where it most probably is, and what it is called by now, in one round trip.
        var known = await namespaces.ResolveAsync(key).ConfigureAwait(false);
        var removal = known is null ? default : store.RemoveAsync(known, cancellationToken);
        var now = await namespaces.ResolveNowAsync(key).ConfigureAwait(false);
        var isRemoved = known is not null && (await removal.ConfigureAwait(false)).IsAnswered;
        return now is not null && ((isRemoved && now == known) || (await store.RemoveAsync(now, cancellationToken).ConfigureAwait(false)).IsAnswered);
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
