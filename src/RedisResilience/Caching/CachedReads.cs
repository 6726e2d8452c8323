using System.Runtime.CompilerServices;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Pooling;

namespace RedisResilience.Caching;

/// <summary>Reads entries and judges them.</summary>
internal sealed class CachedReads(ResponseCacheParts parts)
{
    private static readonly CacheEntryOptions OfAnyAge = new(TimeToLiveRules.Longest) { StaleWhileRevalidate = TimeToLiveRules.Longest };

    public ValueTask<CachedResponse> GetAsync(string key, bool withTimeToLive, CancellationToken cancellationToken) =>
        GetAsync(key, withTimeToLive, parts.TimeProvider.GetTimestamp(), isFirst: true, cancellationToken);

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetIfNoneMatchAsync(string key, string tags, CancellationToken cancellationToken)
    {
        var startedAt = parts.TimeProvider.GetTimestamp();
        var locating = LocateAsync(key, startedAt, isFirst: true, cancellationToken);
        var store = locating.IsCompleted ? parts.Store : parts.Store.Since(startedAt);
        var found = await locating.ConfigureAwait(false) is { } whole
            ? await parts.Judge.JudgeAsync(await store.ReadUnlessHeldAsync(whole, tags, cancellationToken).ConfigureAwait(false), options: null, startedAt).ConfigureAwait(false)
            : Unknown(key);

        // The header was read for others too, who may hold another body.
        return found.Response.IsUnchanged && !HeldTags.Name(tags, found.Response.Description)
            ? await GetAsync(key, withTimeToLive: true, startedAt, isFirst: false, cancellationToken).ConfigureAwait(false)
            : Count(found);
    }

    /// <summary>All of them are on their way before any is awaited: the client sends them together.</summary>
    public async ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var reads = new Task<CachedResponse>[keys.Count];
        for (var index = 0; index < reads.Length; index++)
        {
            reads[index] = GetAsync(keys[index], withTimeToLive: false, cancellationToken).AsTask();
        }

        try
        {
            return await Task.WhenAll(reads).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (var read in reads)
            {
                if (read.IsCompletedSuccessfully)
                {
                    read.Result.Dispose();
                }
            }

            throw;
        }
    }

    /// <summary>What there is, however stale.</summary>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken) =>
        Count((await FindAsync(key, OfAnyAge, parts.TimeProvider.GetTimestamp(), isFirst: true, cancellationToken).ConfigureAwait(false)).ReadResult);

    /// <param name="key">The entry's key.</param>
    /// <param name="options">Up to when a stale entry is to be served.</param>
    /// <param name="startedAt">When the request began.</param>
    /// <param name="isFirst">Whether nothing has been asked of the store for this request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<Location> FindAsync(string key, CacheEntryOptions options, long startedAt, bool isFirst, CancellationToken cancellationToken)
    {
        if (options.SkipRedis)
        {
            return new Location(key, new ReadResult(EntryState.Unknown, Fault: Fault.DeadlineExceeded));
        }

        var locating = LocateAsync(key, startedAt, isFirst, cancellationToken);
        var store = isFirst && locating.IsCompleted ? parts.Store : parts.Store.Since(startedAt);
        return await locating.ConfigureAwait(false) is { } whole
            ? new Location(whole, await parts.Judge.JudgeAsync(await store.ReadAsync(whole, !options.IsPlain, cancellationToken).ConfigureAwait(false), options, startedAt).ConfigureAwait(false))
            : new Location(key, Unknown(key));
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private async ValueTask<CachedResponse> GetAsync(string key, bool withTimeToLive, long startedAt, bool isFirst, CancellationToken cancellationToken)
    {
        var locating = LocateAsync(key, startedAt, isFirst, cancellationToken);

        // What was known has taken no time; what was asked for takes of the request's.
        var store = isFirst && locating.IsCompleted ? parts.Store : parts.Store.Since(startedAt);
        var found = await locating.ConfigureAwait(false) is { } whole
            ? await parts.Judge.JudgeAsync(await store.ReadAsync(whole, withTimeToLive, cancellationToken).ConfigureAwait(false), options: null, startedAt).ConfigureAwait(false)
            : Unknown(key);
        return Count(found);
    }

    /// <summary>Where the entry stands; null when that is not known.</summary>
    private ValueTask<string?> LocateAsync(string key, long startedAt, bool isFirst, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return parts.Pending.IsDoubtful(key) ? ApplyAndLocateAsync(key, startedAt) : parts.Namespaces.ResolveAsync(key, isFirst ? null : startedAt);
    }

    private async ValueTask<string?> ApplyAndLocateAsync(string key, long startedAt) =>
        await parts.Pending.TryApplyAsync(key).ConfigureAwait(false) ? await parts.Namespaces.ResolveAsync(key, startedAt).ConfigureAwait(false) : null;

    private static CachedResponse Count(in ReadResult found)
    {
        ResilienceMetrics.RecordRead(found.IsServable ? "hit" : found.State == EntryState.Unknown ? "unanswered" : "miss");
        return found.State == EntryState.Unknown ? CachedResponse.Unavailable : found.Response;
    }

    // One lost reply, or cut off altogether? Only the latter has its answer at once.
    private ReadResult Unknown(string key)
    {
        var read = parts.Store.ReadAsync(key, withTimeToLive: false, CancellationToken.None);
        if (!read.IsCompletedSuccessfully)
        {
            _ = DropAsync(read.AsTask());
            return new ReadResult(EntryState.Unknown, Fault: Fault.DeadlineExceeded);
        }

        var answer = read.Result;
        answer.Value.Payload.Owner?.Dispose();
        return new ReadResult(EntryState.Unknown, Fault: answer.Fault == Fault.CircuitOpen ? Fault.CircuitOpen : Fault.DeadlineExceeded);
    }

    private static async Task DropAsync(Task<Answer<StoredEntry>> read) => (await read.ConfigureAwait(false)).Value.Payload.Owner?.Dispose();
}
