using System.Collections.Concurrent;
using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Tests.AspNetCore;

/// <summary>A cache in memory that counts, and whose answers can be held back.</summary>
internal sealed class FakeCache : IResponseCache
{
    public ConcurrentDictionary<string, byte[]> Entries { get; } = new();

    public List<string> Read { get; } = [];

    public TimeSpan? Remaining { get; set; } = TimeSpan.FromSeconds(42);

    public TimeSpan? StoredFor { get; private set; }

    public int Disposed { get; private set; }

    public ReadOnlyMemory<byte> LastStored { get; private set; }

    public TaskCompletionSource? ReadGate { get; set; }

    public Task<bool> Storing { get; set; } = Task.FromResult(true);

    public string Text(string key) => Encoding.UTF8.GetString(Entries[key]);

    public void Put(string key, string text) => Entries[key] = Encoding.UTF8.GetBytes(text);

    public async ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default)
    {
        Read.Add(key);
        if (ReadGate is { } gate)
        {
            await gate.Task;
        }

        return Entries.TryGetValue(key, out var body) ? CachedResponse.Hit(body, new Owner(this), Remaining) : default;
    }

    public ValueTask<bool> SetAsync(string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default)
    {
        Entries[key] = response.Body.ToArray();
        LastStored = response.Body;
        StoredFor = response.TimeToLive ?? options.TimeToLive;
        return new ValueTask<bool>(Storing);
    }

    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key, CacheEntryOptions options, TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private sealed class Owner(FakeCache cache) : IDisposable
    {
        public void Dispose() => cache.Disposed++;
    }
}
