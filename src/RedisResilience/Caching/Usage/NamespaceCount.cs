namespace RedisResilience.Caching.Usage;

/// <summary>What was stored in one namespace within an hour.</summary>
internal sealed class NamespaceCount(string name, int maximumKeys)
{
    private readonly KeyFilter _keys = new(maximumKeys);
    private long _count;
    private long _bytes;
    private int _isFull;

    /// <summary>Counts an entry. False when its key is a new one and there have been enough.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="isFirst">Whether it is the first that is refused.</param>
    public bool TryAdd(string key, int size, out bool isFirst)
    {
        isFirst = false;
        if (Volatile.Read(ref _count) >= maximumKeys && !_keys.Contains(key))
        {
            isFirst = Interlocked.Exchange(ref _isFull, 1) == 0;
            return false;
        }

        if (_keys.Add(key))
        {
            Interlocked.Increment(ref _count);
        }

        Interlocked.Add(ref _bytes, size);
        return true;
    }

    public NamespaceUsage Usage(long? budget)
    {
        var bytes = Volatile.Read(ref _bytes);
        return new NamespaceUsage(name, Volatile.Read(ref _count), bytes, IsFull: Volatile.Read(ref _isFull) == 1, IsOverBudget: bytes > budget);
    }
}
