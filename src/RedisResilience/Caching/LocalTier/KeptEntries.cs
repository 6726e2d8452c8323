using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;

namespace RedisResilience.Caching.LocalTier;

/// <summary>A map that is bounded by bytes, and evicts the least frequently used entries first (W-TinyLFU).</summary>
/// <remarks>
/// The map of BitFaster.Caching counts entries. Its capacity is the number of entries of 4 KB each that fit, so it decides among small
/// entries by frequency. When larger entries exceed the bytes before that, it evicts its coldest entries, which are those of its probation
/// segment. An entry's use is reported to the map at most once a tick of the clock, because its frequencies end at 15 anyway, and reporting
/// takes longer than the lookup.
/// </remarks>
internal sealed class KeptEntries
{
    private const int UsualSize = 4096;
    private const int LeastCapacity = 64;
    private const int MostCapacity = 1_000_000;

    private readonly ConcurrentDictionary<string, LocalEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentLfu<string, LocalEntry> _byUse;
    private readonly long _maximumBytes;
    private long _bytes;

    public KeptEntries(long maximumBytes, IScheduler scheduler)
    {
        _maximumBytes = maximumBytes;
        var capacity = (int)Math.Clamp(maximumBytes / UsualSize, LeastCapacity, MostCapacity);
        _byUse = new ConcurrentLfu<string, LocalEntry>(Environment.ProcessorCount, capacity, scheduler, StringComparer.Ordinal);
        _byUse.Events.Value!.ItemRemoved += (_, removed) => Forget(removed.Key!, removed.Value!);
        _byUse.Events.Value!.ItemUpdated += (_, updated) => Forget(updated.Key!, updated.OldValue!);
    }

    /// <summary>How much memory the entries take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int Count => _entries.Count;

    public bool TryGet(string key, long now, [MaybeNullWhen(false)] out LocalEntry entry)
    {
        if (!_entries.TryGetValue(key, out entry))
        {
            return false;
        }

        if (entry.UsedAt != now)
        {
            entry.UsedAt = now;
            _byUse.TryGet(key, out _);
        }

        return true;
    }

    /// <summary>Stores a copy. It must not run twice at the same time for one key.</summary>
    public void Put(string key, LocalEntry entry)
    {
        Interlocked.Add(ref _bytes, LocalEntry.Weigh(key, entry.Bytes.Length));
        _entries[key] = entry;
        _byUse.AddOrUpdate(key, entry);
        while (Bytes > _maximumBytes && _byUse.Count > 0)
        {
            var average = Math.Max(1, Bytes / _byUse.Count);
            _byUse.Trim((int)Math.Clamp((Bytes - _maximumBytes + average - 1) / average, 1, _byUse.Count));
        }
    }

    public void Remove(string key)
    {
        _entries.TryRemove(key, out _);
        _byUse.TryRemove(key);
    }

    public void Clear()
    {
        _entries.Clear();
        _byUse.Clear();
    }

    private void Forget(string key, LocalEntry entry)
    {
        _entries.TryRemove(KeyValuePair.Create(key, entry));
        Interlocked.Add(ref _bytes, -LocalEntry.Weigh(key, entry.Bytes.Length));
    }
}
