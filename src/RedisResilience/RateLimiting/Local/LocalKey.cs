using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RedisResilience.RateLimiting.Local;

/// <summary>
/// The two parts of one key in Redis: the limit's name and who is limited. A lookup needs no joined text, and hashes the parts once for
/// each call.
/// </summary>
internal readonly struct LocalKey : IEquatable<LocalKey>
{
    // Keys come from clients: nobody outside shall know which of them collide.
    private static readonly long Seed = Random.Shared.NextInt64();

    private readonly int _hash;

    private LocalKey(string? name, string key)
    {
        (Name, Key) = (name, key);

        // A longer one is refused in the end, and is not worth the time.
        var hashed = key.AsSpan(0, Math.Min(key.Length, RedisKeyLimits.MaximumLength));
        _hash = (int)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(hashed), Seed) ^ (name is null ? 0 : name.Length << 16 ^ name[^1]);
    }

    public string? Name { get; }

    public string Key { get; }

    public static LocalKey Of(string key, RateLimit limit) => new(limit.Name, key);

    public bool Equals(LocalKey other) => _hash == other._hash && Key == other.Key && Name == other.Name;

    public override bool Equals(object? obj) => obj is LocalKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
