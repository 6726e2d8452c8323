using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RedisResilience.Http.Caching;

/// <summary>Keys whose responses are not stored, for ten seconds each. The number of places is fixed: a later key may replace an earlier
/// one.</summary>
internal sealed class PassingKeys(TimeProvider timeProvider)
{
    private const int Places = 4096;
    private static readonly TimeSpan While = TimeSpan.FromSeconds(10);

    private readonly (ulong Key, long Until, bool IsEmpty)[] _places = new (ulong, long, bool)[Places];
    private readonly Lock _lock = new();

    /// <param name="key">The key.</param>
    /// <param name="isEmpty">Whether no response is stored under it.</param>
    public void Add(string key, bool isEmpty)
    {
        var hash = Hash(key);
        var until = timeProvider.GetTimestamp() + (long)(While.TotalSeconds * timeProvider.TimestampFrequency);
        lock (_lock)
        {
            _places[hash % Places] = (hash, until, isEmpty);
        }
    }

    public void Remove(string key)
    {
        var hash = Hash(key);
        lock (_lock)
        {
            if (_places[hash % Places].Key == hash)
            {
                _places[hash % Places] = default;
            }
        }
    }

    public bool Contains(string key) => Contains(key, out _);

    /// <summary>Whether no response was stored under such a key a moment ago, so that another read would be in vain.</summary>
    public bool IsEmpty(string key) => Contains(key, out var isEmpty) && isEmpty;

    private bool Contains(string key, out bool isEmpty)
    {
        var hash = Hash(key);
        lock (_lock)
        {
            (var place, var until, isEmpty) = _places[hash % Places];
            return place == hash && timeProvider.GetTimestamp() < until;
        }
    }

    private static ulong Hash(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
}
