using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Reads entries and judges them.</summary>
internal sealed class CachedReads(ResponseCacheParts parts)
{
    public ValueTask<CachedResponse> GetAsync(string key, bool withTimeToLive, CancellationToken cancellationToken) =>
        TryLocate(key, out var whole) ? ReadAsync(whole, withTimeToLive, cancellationToken) : LocateAndReadAsync(key, withTimeToLive, cancellationToken);

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

    public ValueTask<Location> FindAsync(string key, CacheEntryOptions options, CancellationToken cancellationToken) =>
        FindAsync(key, withTimeToLive: !options.IsPlain, options, cancellationToken);

    /// <summary>Where an entry stands, if that is known and nothing has to be made good before it is read.</summary>
    public bool TryLocate(string key, [NotNullWhen(true)] out string? whole)
    {
        whole = null;
        return !parts.Pending.IsDoubtful(key) && parts.Namespaces.TryResolve(key, out whole);
    }

    // Nearly every read: one step fewer than through what follows.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CachedResponse> ReadAsync(string whole, bool withTimeToLive, CancellationToken cancellationToken)
    {
        var answer = await parts.Store.ReadAsync(whole, withTimeToLive, cancellationToken).ConfigureAwait(false);
        return Recorded(await parts.Judge.JudgeAsync(answer, options: null).ConfigureAwait(false));
    }

    private async ValueTask<CachedResponse> LocateAndReadAsync(string key, bool withTimeToLive, CancellationToken cancellationToken)
    {
        var (_, found) = await FindAsync(key, withTimeToLive, options: null, cancellationToken).ConfigureAwait(false);
        return Recorded(found);
    }

    private static CachedResponse Recorded(in Found found)
    {
        ResilienceMetrics.RecordRead(found.IsServable ? "hit" : found.State == EntryState.Unknown ? "unanswered" : "miss");
        return found.Response;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Location> FindAsync(string key, bool withTimeToLive, CacheEntryOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (parts.Pending.IsDoubtful(key) && !await parts.Pending.TryApplyAsync(key).ConfigureAwait(false))
        {
            return Unknown(key);
        }

        if (await parts.Namespaces.ResolveAsync(key).ConfigureAwait(false) is not { } whole)
        {
            return Unknown(key);
        }

        var answer = await parts.Store.ReadAsync(whole, withTimeToLive, cancellationToken).ConfigureAwait(false);
        return new Location(whole, await parts.Judge.JudgeAsync(answer, options).ConfigureAwait(false));
    }

    // One lost reply, or cut off altogether? Only the latter has its answer at once.
    private Location Unknown(string key)
    {
        var read = parts.Store.ReadAsync(key, withTimeToLive: false, CancellationToken.None).AsTask();
        var isCutOff = read.IsCompletedSuccessfully && read.Result.Fault == Fault.CircuitOpen;
        _ = DropAsync(read);
        return new Location(key, new Found(EntryState.Unknown, Fault: isCutOff ? Fault.CircuitOpen : Fault.DeadlineExceeded));
    }

    private static async Task DropAsync(Task<Answer<StoredEntry>> read) => (await read.ConfigureAwait(false)).Value.Payload.Owner?.Dispose();
}
