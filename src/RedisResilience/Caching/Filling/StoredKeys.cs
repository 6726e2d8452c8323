using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Filling;

/// <summary>
/// Bounds how many different keys this process stores at once, entries and tags together, in case a client can choose keys.
/// </summary>
internal sealed class StoredKeys(int maximum, TimeProvider timeProvider, ILogger? logger = null) : ICacheUsage
{
    private const int MaximumNamespaces = 64;
    private static readonly TimeSpan LogInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromSeconds(1);

    // Drawn anew for each: nobody can choose keys that are taken for each other.
    private readonly long _seed = Random.Shared.NextInt64();
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Stored> _stored = [];
    private readonly Dictionary<string, Totals> _totals = new(StringComparer.Ordinal);
    private long? _cleanedAt;
    private long? _loggedAt;

    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _stored.Count >= maximum && !HasRoom_NeedsLock(1);
            }
        }
    }

    public IReadOnlyList<NamespaceUsage> Namespaces
    {
        get
        {
            lock (_lock)
            {
                Clean_NeedsLock();
                return [.. _totals.Where(static space => space.Value.Keys > 0).Select(
                    static space => new NamespaceUsage(space.Key, space.Value.Keys, space.Value.Bytes))];
            }
        }
    }

    /// <summary>
    /// Counts a key that is about to be stored, until its entry expires. False when there are too many keys, so that it must not be stored.
    /// </summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="tags">Its tags, each of which has a key.</param>
    /// <param name="moreTags">Further tags.</param>
    /// <param name="size">The entry's bytes.</param>
    /// <param name="life">How long it lives.</param>
    public bool TryAdd(string key, IReadOnlyList<string> tags, IReadOnlyList<string>? moreTags, int size, TimeSpan life)
    {
        var end = timeProvider.GetTimestamp() + (long)(life.TotalSeconds * timeProvider.TimestampFrequency);
        lock (_lock)
        {
            var hash = Hash(key, _seed);
            if (!_stored.ContainsKey(hash) && !HasRoom_NeedsLock(1 + tags.Count + (moreTags?.Count ?? 0)))
            {
                return false;
            }

            Add_NeedsLock(hash, new Stored(
                end, size, Totals_NeedsLock(NamespaceRules.TryFind(key, out var length, out _) ? key.AsSpan(0, length) : [])));
            foreach (var tag in tags.Concat(moreTags ?? []))
            {
                Add_NeedsLock(Hash(tag, ~_seed), new Stored(end, 0, Totals_NeedsLock([])));
            }

            return true;
        }
    }

    private static ulong Hash(string text, long seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), seed);

    private bool HasRoom_NeedsLock(int count)
    {
        if (_stored.Count + count <= maximum)
        {
            return true;
        }

        Clean_NeedsLock();
        var hasRoom = _stored.Count + count <= maximum;
        if (!hasRoom && (_loggedAt is null || timeProvider.GetElapsedTime(_loggedAt.Value) >= LogInterval))
        {
            _loggedAt = timeProvider.GetTimestamp();
            Log.TooManyKeys(_logger, maximum);
        }

        return hasRoom;
    }

    private void Add_NeedsLock(ulong hash, Stored stored)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_stored, hash, out var exists);
        if (exists)
        {
            place.Space.Subtract(place.Size);
            stored = stored with { EndsAt = Math.Max(stored.EndsAt, place.EndsAt) };
        }

        place = stored;
        stored.Space.Add(stored.Size);
    }

    // What has ended makes room for others. A full table is not looked through for each key.
    private void Clean_NeedsLock()
    {
        var now = timeProvider.GetTimestamp();
        if (_cleanedAt is { } before && timeProvider.GetElapsedTime(before, now) < CleanInterval)
        {
            return;
        }

        _cleanedAt = now;
        foreach (var (hash, stored) in _stored)
        {
            if (stored.EndsAt <= now)
            {
                stored.Space.Subtract(stored.Size);
                _stored.Remove(hash);
            }
        }
    }

    private Totals Totals_NeedsLock(ReadOnlySpan<char> name)
    {
        var lookup = _totals.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(name, out var totals))
        {
            // Of more than that nobody wants to read: they are counted as one.
            name = _totals.Count < MaximumNamespaces ? name : [];
            totals = lookup.TryGetValue(name, out var rest) ? rest : lookup[name] = new Totals();
        }

        return totals;
    }

    private readonly record struct Stored(long EndsAt, int Size, Totals Space);

    private sealed class Totals
    {
        public long Keys { get; private set; }

        public long Bytes { get; private set; }

        public void Add(int size) => (Keys, Bytes) = (Keys + 1, Bytes + size);

        public void Subtract(int size) => (Keys, Bytes) = (Keys - 1, Bytes - size);
    }
}
