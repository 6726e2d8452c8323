using System.Runtime.CompilerServices;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Reads entries and judges them.</summary>
internal sealed class CachedReads(ResponseCacheParts parts)
{
    private static readonly CacheEntryOptions OfAnyAge = new(TimeToLiveRules.Longest) { StaleWhileRevalidate = TimeToLiveRules.Longest };

    public ValueTask<CachedResponse> GetAsync(string key, bool withTimeToLive, CancellationToken cancellationToken) =>
        GetAsync(
            new EntryRead(key, parts.TimeProvider.GetTimestamp(), IsFirst: true, cancellationToken) { WithTimeToLive = withTimeToLive });

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetIfNoneMatchAsync(string key, string tags, CancellationToken cancellationToken)
    {
        var startedAt = parts.TimeProvider.GetTimestamp();
        var (_, found) = await ReadAsync(
            new EntryRead(key, startedAt, IsFirst: true, cancellationToken) { HeldTags = tags }, options: null).ConfigureAwait(false);

        // The header was read for others too, who may hold another body.
        return found.Response.IsUnchanged && !HeldTags.Name(tags, found.Response.Description)
            ? await GetAsync(
                new EntryRead(key, startedAt, IsFirst: false, cancellationToken) { WithTimeToLive = true }).ConfigureAwait(false)
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken) =>
        Count((await FindAsync(
            key, OfAnyAge, parts.TimeProvider.GetTimestamp(), isFirst: true, cancellationToken).ConfigureAwait(false)).ReadResult);

    /// <summary>Reads for a caller who has a source.</summary>
    public ValueTask<Location> FindAsync(
        string key, CacheEntryOptions options, long startedAt, bool isFirst, CancellationToken cancellationToken) => options.SkipRedis
        ? new ValueTask<Location>(new Location(key, Unknown(Fault.DeadlineExceeded)))
        : ReadAsync(new EntryRead(key, startedAt, isFirst, cancellationToken) { WithTimeToLive = !options.IsPlain }, options);

    private async ValueTask<CachedResponse> GetAsync(EntryRead read) =>
        Count((await ReadAsync(read, options: null).ConfigureAwait(false)).ReadResult);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Location> ReadAsync(EntryRead read, CacheEntryOptions? options)
    {
        read.CancellationToken.ThrowIfCancellationRequested();
        var isDoubtful = parts.Pending.IsDoubtful(read.Key);
        if (isDoubtful && !await parts.Pending.TryApplyAsync(read.Key).ConfigureAwait(false))
        {
            return new Location(read.Key, Unknown(parts.Store.IsAway ? Fault.CircuitOpen : Fault.DeadlineExceeded));
        }

        read = isDoubtful ? read with { IsFirst = false } : read;

        // Where the entry most probably stands is read in the same round trip in which it is asked where it does.
        var (whole, asked) = Locate(parts.Namespaces.ResolveAsync(read.Key, read.IsFirst ? null : read.StartedAt));
        var probable = whole ?? parts.Namespaces.ResolveByLast(read.Key);
        var answer = await read.From(parts.Store, probable).ConfigureAwait(false);
        whole = asked is null ? whole : await asked.ConfigureAwait(false);
        if (whole != probable)
        {
            answer.Value.Payload.Owner?.Dispose();
            if (whole is null)
            {
                return new Location(read.Key, Unknown(answer.Fault == Fault.CircuitOpen ? Fault.CircuitOpen : Fault.DeadlineExceeded));
            }

            answer = await (read with { IsFirst = false }).From(parts.Store, whole).ConfigureAwait(false);
        }

        return new Location(whole, await parts.Judge.JudgeAsync(answer, options, read.StartedAt).ConfigureAwait(false));
    }

    private static (string? Known, Task<string?>? Asked) Locate(ValueTask<string?> locating) =>
        locating.IsCompletedSuccessfully ? (locating.Result, null) : (null, locating.AsTask());

    private static CachedResponse Count(in ReadResult found)
    {
        ResilienceMetrics.RecordRead(found.IsServable ? "hit" : found.State == EntryState.Unknown ? "unanswered" : "miss");
        return found.State == EntryState.Unknown ? CachedResponse.Unavailable : found.Response;
    }

    private static ReadResult Unknown(Fault fault) => new(EntryState.Unknown, Fault: fault);
}
