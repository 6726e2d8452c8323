using RedisResilience.Caching;

namespace RedisResilience.Mongo.Tests;

/// <summary>A cache in a dictionary that writes down what it was asked to do.</summary>
internal sealed class FakeResponseCache(List<string> journal) : IResponseCache
{
    public Dictionary<string, ReadOnlyMemory<byte>> Entries { get; } = [];

    public TimeSpan? LastTimeToLive { get; private set; }

    /// <summary>For how long the source wants it to be stored; null: for as long as the options say.</summary>
    public TimeSpan? LastStored { get; private set; }

    public bool AcknowledgesRemovals { get; set; } = true;

    public CancellationToken LastRemovalToken { get; private set; }

    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(
        IReadOnlyList<string> keys, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> SetAsync(
        string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        journal.Add($"remove {key}");
        LastRemovalToken = cancellationToken;
        Entries.Remove(key);
        return ValueTask.FromResult(AcknowledgesRemovals);
    }

    public async ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        CacheEntryOptions options,
        TState state,
        Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken = default)
    {
        LastTimeToLive = options.TimeToLive;
        if (Entries.TryGetValue(key, out var entry))
        {
            return CachedResponse.Hit(entry);
        }

        var response = await source(state, cancellationToken);
        LastStored = response.TimeToLive;
        if (!response.HasBody)
        {
            return default;
        }

        Entries[key] = response.Body.ToArray();
        return CachedResponse.Created(response.Body);
    }
}
