using System.Runtime.CompilerServices;
using RedisResilience.Caching.Filling;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Reads entries and judges them.</summary>
internal sealed class CachedReads(ResponseCacheParts parts)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CachedResponse> GetAsync(string key, bool withTimeToLive, CancellationToken cancellationToken)
    {
        var (_, found) = await FindAsync(key, withTimeToLive, options: null, cancellationToken).ConfigureAwait(false);
        ResilienceMetrics.RecordRead(found.IsServable ? "hit" : found.State == EntryState.Unknown ? "unanswered" : "miss");
        return found.Response;
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

    public ValueTask<Location> FindAsync(string key, CacheEntryOptions options, CancellationToken cancellationToken) =>
        FindAsync(key, withTimeToLive: !options.IsPlain, options, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Location> FindAsync(string key, bool withTimeToLive, CacheEntryOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (parts.Pending.IsDoubtful(key) && !await parts.Pending.TryApplyAsync(key).ConfigureAwait(false))
        {
            return new Location(key, new Found(EntryState.Unknown, Fault: Fault.CircuitOpen));
        }

        if (await parts.Namespaces.ResolveAsync(key).ConfigureAwait(false) is not { } whole)
        {
            return new Location(key, new Found(EntryState.Unknown, Fault: Fault.CircuitOpen));
        }

        var answer = await parts.Store.ReadAsync(whole, withTimeToLive, cancellationToken).ConfigureAwait(false);
        return new Location(whole, await parts.Judge.JudgeAsync(answer, options).ConfigureAwait(false));
    }
}
