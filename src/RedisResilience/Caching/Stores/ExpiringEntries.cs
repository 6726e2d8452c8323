namespace RedisResilience.Caching.Stores;

/// <summary>
/// A map of keys to bytes with expirations, bounded by total size. The least recently used entry is evicted first, and an entry that is
/// larger than the bound is not kept. It is not safe for concurrent use.
/// </summary>
/// <remarks>An expired entry is removed when it is read, or when room is needed. There is no timer.</remarks>
internal sealed class ExpiringEntries(TimeProvider timeProvider, long maximumSize)
{
    // What a node and its place in the table take, about.
    private const int Overhead = 128;

    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _size;

    public bool TryGet(string key, out ReadOnlyMemory<byte> bytes, out TimeSpan left)
    {
        bytes = default;
        left = default;
        if (!_entries.TryGetValue(key, out var node))
        {
            return false;
        }

        left = node.Value.Life - timeProvider.GetElapsedTime(node.Value.StoredAt);
        if (left <= TimeSpan.Zero)
        {
            Remove(key);
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        bytes = node.Value.Bytes;
        return true;
    }

    public void Set(string key, ReadOnlyMemory<byte> bytes, TimeSpan life)
    {
        Remove(key);
        var entry = new Entry(key, bytes, timeProvider.GetTimestamp(), life);
        if (entry.Size > maximumSize)
        {
            return;
        }

        _entries.Add(key, _byUse.AddFirst(entry));
        _size += entry.Size;
        while (_size > maximumSize && _byUse.Last is { } oldest)
        {
            Remove(oldest.Value.Key);
        }
    }

    public bool Remove(string key)
    {
        if (!_entries.Remove(key, out var node))
        {
            return false;
        }

        _byUse.Remove(node);
        _size -= node.Value.Size;
        return true;
    }

    private readonly record struct Entry(string Key, ReadOnlyMemory<byte> Bytes, long StoredAt, TimeSpan Life)
    {
        public int Size => (Key.Length * sizeof(char)) + Bytes.Length + Overhead;
    }
}
