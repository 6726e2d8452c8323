using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Filling;

/// <summary>Stores, extends and removes entries for callers.</summary>
internal sealed class CachedWrites(ResponseCacheParts parts)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SetAsync(
        string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken)
    {
        var startedAt = parts.TimeProvider.GetTimestamp();
        var resolving = parts.Namespaces.ResolveAsync(key);
        var terms = EntryComposer.Terms(response, options);
        var isAdmitted = !parts.Pause.IsOn && terms.IsStorable && parts.Composer.TryAdmit(key, response, options, ref terms);
        IReadOnlyList<string> tags = response.Tags is null ? options.Tags : [.. options.Tags, .. response.Tags];
        var stamping = isAdmitted ? parts.Stamps.MakeAsync(tags, terms.Life, startedAt) : default;
        var store = resolving.IsCompleted && stamping.IsCompleted ? parts.Store : parts.Store.Since(startedAt);
        var whole = await resolving.ConfigureAwait(false);
        var stamps = await stamping.ConfigureAwait(false);
        var entry = !isAdmitted
            || whole is null
            || stamps is null ? terms : parts.Composer.Compose(whole, response, options, stamps, terms, loadCost: default);
        if (!isAdmitted || !entry.IsStorable)
        {
            ResilienceMetrics.RecordWrite(parts.Pause.IsOn ? "paused" : entry.Refusal ?? "not_storable");
            SourceBuffer.Return(response.Owner);
            await ReplaceByNothingAsync(key, cancellationToken).ConfigureAwait(false);
            return false;
        }

        if (whole is null || stamps is null)
        {
            ResilienceMetrics.RecordWrite("unavailable");
            SourceBuffer.Return(response.Owner);
            return false;
        }

        parts.Filler.Forget(whole);
        var answer = await store.SetAsync(whole, entry.Bytes, entry.Life, cancellationToken).ConfigureAwait(false);
        parts.Pause.Observe(answer.Fault);
        ResilienceMetrics.RecordWrite(answer.IsAnswered ? "stored" : "unavailable");
        if (answer.IsAnswered || answer.Fault.WasNotSent())
        {
            // Otherwise the client may still hold the bytes: the owner is left to the collector.
            SourceBuffer.Return(response.Owner);
        }

        if (answer.Fault == Fault.OutOfMemory)
        {
            await ReplaceByNothingAsync(key, cancellationToken).ConfigureAwait(false);
        }

        return answer is { IsAnswered: true, Value: true };
    }

    /// <param name="key">The entry's key.</param>
    /// <param name="seen">The part of the entry that was read. Null for any entry.</param>
    /// <param name="timeToLive">How long it lives from now on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> ExtendAsync(string key, SeenPart? seen, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var startedAt = parts.TimeProvider.GetTimestamp();
        var resolving = parts.Namespaces.ResolveAsync(key);
        var store = resolving.IsCompleted ? parts.Store : parts.Store.Since(startedAt);
        if (await resolving.ConfigureAwait(false) is not { } whole)
        {
            return false;
        }

        var extending = seen is { } part
            ? store.ExtendAsync(whole, part, timeToLive)
            : store.ExtendAsync(whole, timeToLive, cancellationToken);
        return await extending.ConfigureAwait(false) is { IsAnswered: true, Value: true };
    }

    public async ValueTask<bool> RemoveAsync(Removal removal, CancellationToken cancellationToken)
    {
        var isDone = false;
        try
        {
            isDone = await parts.Removals.ApplyAsync(removal, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also for a caller who has gone: the source was written to all the same.
            if (!isDone)
            {
                parts.Pending.Remember(removal);
            }

            Forget(removal, isDone);
        }

        return isDone;
    }

    // What is not stored is newer than what is there all the same.
    private async ValueTask ReplaceByNothingAsync(string key, CancellationToken cancellationToken) =>
        await RemoveAsync(Removal.OfKey(key), cancellationToken).ConfigureAwait(false);

    // What is being loaded in this process without a lease may be older than what was just written. The store is not asked: who waits for
    // this has waited for it.
    private void Forget(Removal removal, bool isDone)
    {
        if (removal.Kind == RemovalKind.Key)
        {
            // While a removal of its namespace is pending it is loaded under its own name.
            parts.Filler.Forget(removal.Name);
            parts.Filler.Forget(parts.Namespaces.ResolveByLast(removal.Name));
        }
        else if (!isDone)
        {
            // Otherwise the versions tell, of other processes' removals too.
            parts.Filler.Forget(removal);
        }
    }
}
