using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching.Bulk;

/// <summary>A get-or-create for many keys: it reads all of them together, and calls the source once for the missing ones.</summary>
internal static class BulkGetOrCreateOperation
{
    public static async ValueTask<IReadOnlyList<CachedResponse>> RunAsync<TState>(
        IResponseCache cache, IReadOnlyList<string> keys, CacheEntryOptions options, TState state,
        Func<TState, IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, SourceResponse>>> source,
            CancellationToken cancellationToken)
    {
        string[] distinct = [.. keys.Distinct(StringComparer.Ordinal)];
        var batch = Begin(cache as IBatchingCache, distinct.Length, options, state, source);
        var creations = new Task<CachedResponse>[distinct.Length];
        for (var index = 0; index < distinct.Length; index++)
        {
            creations[index] = CreateAsync(cache, distinct[index], options, batch, cancellationToken);
        }

        batch.AllHaveBegun();

        try
        {
            var responses = await Task.WhenAll(creations).ConfigureAwait(false);
            return distinct.Length == keys.Count ? responses : Spread(keys, distinct, responses);
        }
        catch
        {
            foreach (var creation in creations)
            {
                if (creation.IsCompletedSuccessfully)
                {
                    creation.Result.Dispose();
                }
            }

            throw;
        }
    }

    private static LoadBatch<TState> Begin<TState>(
        IBatchingCache? cache, int count, CacheEntryOptions options, TState state,
        Func<TState, IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, SourceResponse>>> source)
    {
        if (cache is null)
        {
            return new LoadBatch<TState>(count, state, source, TimeProvider.System);
        }

        // Inside a load the question is a part of that.
        var isNested = LoadScope.Current is { IsUnderWay: true };
        return new LoadBatch<TState>(
            count, state, source, cache.TimeProvider,
            token => isNested ? new ValueTask<bool>(false)
                : cache.Gate.EnterAsync(SourceCall.Clamp(options.MaximumFillWait), CancellationToken.None, token),
            hasPermit => cache.Gate.Leave(hasPermit));
    }

    private static async Task<CachedResponse> CreateAsync<TState>(
        IResponseCache cache, string key, CacheEntryOptions options, LoadBatch<TState> batch, CancellationToken cancellationToken)
    {
        var one = new BatchedKey<TState>(batch, key);
        try
        {
            if (cache is IBatchingCache batching)
            {
                await one.Asking.EnterAsync(cancellationToken).ConfigureAwait(false);
                var call = new BatchedCall<TState>(one, options, batching.TimeProvider.GetTimestamp());
                return await batching.GetOrCreateAsync(key, call, cancellationToken).ConfigureAwait(false);
            }

            return await cache.GetOrCreateAsync(
                key, options, one, static (one, token) => one.LoadAsync(token), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            one.Leave();
        }
    }

    // A key that was named twice is answered twice, each time to be disposed.
    private static CachedResponse[] Spread(IReadOnlyList<string> keys, string[] distinct, CachedResponse[] responses)
    {
        var times = keys.CountBy(static key => key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var shares = new Dictionary<string, Queue<CachedResponse>>(StringComparer.Ordinal);
        for (var index = 0; index < distinct.Length; index++)
        {
            shares.Add(distinct[index], new Queue<CachedResponse>(responses[index].Share(times[distinct[index]])));
        }

        return [.. keys.Select(key => shares[key].Dequeue())];
    }
}
