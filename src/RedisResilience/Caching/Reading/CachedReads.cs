using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Pooling;

namespace RedisResilience.Caching.Reading;

/// <summary>Reads entries, and decides whether they are fresh, stale or of no use.</summary>
internal sealed class CachedReads(ResponseCacheParts parts)
{
    private static readonly CacheEntryOptions OfAnyAge = new(TimeToLiveRules.Longest) { StaleWhileRevalidate = TimeToLiveRules.Longest };

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetAsync(EntryRead read) => Count(read, await FindAsync(read).ConfigureAwait(false));

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetIfNoneMatchAsync(EntryRead read)
    {
        var found = await FindAsync(read).ConfigureAwait(false);

        // The header was read for others too, who may hold another body.
        return found.Response.IsUnchanged && !HeldTags.Name(read.HeldTags, found.Response.Description)
            ? await GetAsync(read with { HeldTags = null, IsFollowUp = true }).ConfigureAwait(false)
            : Count(read, found);
    }

    /// <summary>Reads an entry, however stale it is.</summary>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetStaleAsync(EntryRead read) =>
        Count(read, await FindAsync(read, OfAnyAge).ConfigureAwait(false));

    /// <summary>All reads are sent before any is awaited, so that the client sends them together.</summary>
    public async ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var reads = new Task<CachedResponse>[keys.Count];
        var startedAt = parts.TimeProvider.GetTimestamp();
        for (var index = 0; index < reads.Length; index++)
        {
            reads[index] = GetAsync(new EntryRead(keys[index], startedAt, cancellationToken)).AsTask();
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

    /// <summary>Reads an entry and judges it.</summary>
    /// <param name="read">The read, by the application's key.</param>
    /// <param name="options">The options of a caller with a source. Null for a caller without one.</param>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<ReadResult> FindAsync(EntryRead read, CacheEntryOptions? options = null)
    {
        read.CancellationToken.ThrowIfCancellationRequested();
        if (options is { SkipRedis: true })
        {
            return Unknown(read, Fault.DeadlineExceeded);
        }

        read = parts.Local is { } local ? read with { Start = local.Start() } : read;
        if (parts.Pending.IsDoubtful(read.Key))
        {
            if (!await parts.Pending.TryApplyAsync(read.Key).ConfigureAwait(false))
            {
                return Unknown(read, parts.Reads.IsAway ? Fault.CircuitOpen : Fault.DeadlineExceeded);
            }

            read = read with { IsFollowUp = true };
        }

        // Where the entry most probably stands is read in the same round trip in which it is asked where it does.
        var (known, asked) = Locate(parts.Namespaces.ResolveAsync(read.Key, read.Since));
        var located = read with { Key = known ?? parts.Namespaces.ResolveByLast(read.Key) };
        var answer = await parts.Reads.ReadAsync(located).ConfigureAwait(false);
        known = asked is null ? known : await asked.ConfigureAwait(false);
        if (known != located.Key)
        {
            answer.Value.Payload.Owner?.Dispose();
            if (known is null)
            {
                return Unknown(read, answer.Fault == Fault.CircuitOpen ? Fault.CircuitOpen : Fault.DeadlineExceeded);
            }

            located = located with { Key = known, IsFollowUp = true };
            answer = await parts.Reads.ReadAsync(located).ConfigureAwait(false);
        }

        var found = await parts.Judge.JudgeAsync(answer, options, read.StartedAt).ConfigureAwait(false);
        return found with { Key = located.Key };
    }

    private static (string? Known, Task<string?>? Asked) Locate(ValueTask<string?> locating) =>
        locating.IsCompletedSuccessfully ? (locating.Result, null) : (null, locating.AsTask());

    private static CachedResponse Count(in EntryRead read, in ReadResult found)
    {
        ReadTelemetry.Record(found.IsServable ? "hit" : found.State == EntryState.Unknown ? "unavailable" : "miss", read.Key);
        return found.State == EntryState.Unknown ? CachedResponse.Unavailable : found.Response;
    }

    private static ReadResult Unknown(in EntryRead read, Fault fault) => new(EntryState.Unknown, Fault: fault) { Key = read.Key };
}
