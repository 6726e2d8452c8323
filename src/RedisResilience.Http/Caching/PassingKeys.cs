using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RedisResilience.Http.Caching;

/// <summary>Keys that pass by for a while. A fixed number of places: a later key may take an earlier one's.</summary>
internal sealed class PassingKeys(TimeProvider timeProvider)
{
    private const int Places = 4096;
    private static readonly TimeSpan While = TimeSpan.FromSeconds(10);

    private readonly (ulong Key, long Until)[] _places = new (ulong, long)[Places];
    private readonly Lock _lock = new();

    public void Add(string key)
    {
        var hash = Hash(key);
        lock (_lock)
        {
            _places[hash % Places] = (hash, timeProvider.GetTimestamp() + (long)(While.TotalSeconds * timeProvider.TimestampFrequency));
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

    public bool Contains(string key)
    {
        var hash = Hash(key);
        lock (_lock)
        {
            var (place, until) = _places[hash % Places];
            return place == hash && timeProvider.GetTimestamp() < until;
        }
    }

    private static ulong Hash(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
}
