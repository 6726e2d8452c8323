using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;

namespace RedisResilience.Caching.LocalTier;

/// <summary>A map that is bounded by bytes, and forgets first what is asked for least (W-TinyLFU).</summary>
/// <remarks>
/// The library's map counts entries. It is given room for as many as fit at 4 KB each, which decides among small ones by frequency; when larger
/// ones exceed the bytes before that, it is told to let go of its coldest, which are those of its probation segment.
/// </remarks>
internal sealed class BoundedEntries
{
    private const int UsualSize = 4096;
    private const int LeastCapacity = 64;
    private const int MostCapacity = 1_000_000;

    private readonly ConcurrentLfu<string, LocalEntry> _entries;
    private readonly long _maximumBytes;
    private long _bytes;

    public BoundedEntries(long maximumBytes, IScheduler scheduler)
    {
        _maximumBytes = maximumBytes;
        var capacity = (int)Math.Clamp(maximumBytes / UsualSize, LeastCapacity, MostCapacity);
        _entries = new ConcurrentLfu<string, LocalEntry>(Environment.ProcessorCount, capacity, scheduler, StringComparer.Ordinal);
        _entries.Events.Value!.ItemRemoved += (_, removed) => Interlocked.Add(ref _bytes, -LocalEntry.Weigh(removed.Key!, removed.Value!.Bytes.Length));
        _entries.Events.Value!.ItemUpdated += (_, updated) => Interlocked.Add(ref _bytes, -LocalEntry.Weigh(updated.Key!, updated.OldValue!.Bytes.Length));
    }

    /// <summary>How much memory the entries take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int Count => _entries.Count;

    public bool TryGet(string key, [MaybeNullWhen(false)] out LocalEntry entry) => _entries.TryGet(key, out entry);

    public void Put(string key, LocalEntry entry)
    {
        var weight = LocalEntry.Weigh(key, entry.Bytes.Length);
        Interlocked.Add(ref _bytes, weight);
        _entries.AddOrUpdate(key, entry);
        while (Bytes > _maximumBytes && _entries.Count > 0)
        {
            var average = Math.Max(1, Bytes / _entries.Count);
            _entries.Trim((int)Math.Clamp((Bytes - _maximumBytes + average - 1) / average, 1, _entries.Count));
        }
    }

    public void Remove(string key) => _entries.TryRemove(key);

    public void Clear() => _entries.Clear();
}
