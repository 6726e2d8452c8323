using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace RedisResilience.Caching.Entries;

/// <summary>Binds an entry to its key, so that an entry under another key is noticed.</summary>
internal static class EntryKey
{
    private const int MaximumStackLength = 512;

    /// <summary>XXH3 of the key in UTF-8, as Redis has it: with the application's prefix.</summary>
    public static ulong Hash(string prefix, string key)
    {
        var maximum = Encoding.UTF8.GetMaxByteCount(prefix.Length + key.Length);
        if (maximum <= MaximumStackLength)
        {
            return Hash(prefix, key, stackalloc byte[MaximumStackLength]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(maximum);
        var hash = Hash(prefix, key, rented);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    private static ulong Hash(string prefix, string key, Span<byte> buffer)
    {
        var length = Encoding.UTF8.GetBytes(prefix, buffer);
        length += Encoding.UTF8.GetBytes(key, buffer[length..]);
        return XxHash3.HashToUInt64(buffer[..length]);
    }
}
