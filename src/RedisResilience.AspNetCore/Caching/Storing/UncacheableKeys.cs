using BitFaster.Caching.Lru;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Remembers for a while whose responses could not be stored: requests for those would only wait for each other.</summary>
internal sealed class UncacheableKeys(TimeProvider time)
{
    private const int Capacity = 1024;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly ConcurrentLru<string, long> _since = new(Capacity);

    public bool Contains(string key) => _since.TryGet(key, out var since) && time.GetElapsedTime(since) < Memory;

    public void Add(string key) => _since.AddOrUpdate(key, time.GetTimestamp());

    public void Remove(string key) => _since.TryRemove(key);
}
