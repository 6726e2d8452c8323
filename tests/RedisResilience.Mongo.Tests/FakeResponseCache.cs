using RedisResilience.Caching;

namespace RedisResilience.Mongo.Tests;

/// <summary>A cache in a dictionary that writes down what it was asked to do.</summary>
internal sealed class FakeResponseCache(List<string> journal) : IResponseCache
{
    public Dictionary<string, ReadOnlyMemory<byte>> Entries { get; } = [];

    public TimeSpan? LastTimeToLive { get; private set; }

    public bool AcknowledgesRemovals { get; set; } = true;

    public CancellationToken LastRemovalToken { get; private set; }

    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> body, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
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
        TimeSpan timeToLive,
        TState state,
        Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source,
        CancellationToken cancellationToken = default)
    {
        LastTimeToLive = timeToLive;
        if (Entries.TryGetValue(key, out var entry))
        {
            return CachedResponse.Hit(entry);
        }

        if (await source(state, cancellationToken) is not { } body)
        {
            return default;
        }

        Entries[key] = body;
        return CachedResponse.Created(body);
    }
}
