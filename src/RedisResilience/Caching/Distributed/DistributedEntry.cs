using System.Buffers;
using System.Buffers.Binary;

namespace RedisResilience.Caching.Distributed;

/// <summary>
/// The format of an entry of <see cref="Microsoft.Extensions.Caching.Distributed.IDistributedCache"/> in Redis: a short header and the
/// value.
/// </summary>
/// <remarks>
/// <c>D</c> and the value; or, when every read gives it new time, <c>S</c>, the sliding time and the absolute end (milliseconds, since 1970
/// for the
/// end; 64 bits, little-endian; an end of <see cref="long.MaxValue"/> is none), and the value.
/// </remarks>
internal static class DistributedEntry
{
    public const int LongestHeader = 1 + (2 * sizeof(long));

    private const byte Direct = (byte)'D';
    private const byte Sliding = (byte)'S';
    private const int EndOffset = 1 + sizeof(long);
    private const long LongestTime = 365L * 24 * 60 * 60 * 1000;

    /// <summary>Writes header and value into a buffer that has room for them.</summary>
    /// <returns>How many bytes there are.</returns>
    public static int Write(Span<byte> buffer, in EntryExpiration expiration, in ReadOnlySequence<byte> value)
    {
        var header = WriteHeader(buffer, expiration);
        value.CopyTo(buffer[header..]);
        return header + (int)value.Length;
    }

    /// <summary>Reads an entry. False for what is none.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> entry, out EntryExpiration expiration, out ReadOnlyMemory<byte> value)
    {
        expiration = default;
        value = default;
        var bytes = entry.Span;
        if (bytes.Length > 0 && bytes[0] == Direct)
        {
            value = entry[1..];
            return true;
        }

        if (bytes.Length < LongestHeader || bytes[0] != Sliding)
        {
            return false;
        }

        var sliding = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        var end = BinaryPrimitives.ReadInt64LittleEndian(bytes[EndOffset..]);
        if (sliding is < 1 or > LongestTime || end < 0 || (end != long.MaxValue && end > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        {
            return false;
        }

        expiration = new EntryExpiration(
            TimeSpan.FromMilliseconds(sliding), end == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(end));
        value = entry[LongestHeader..];
        return true;
    }

    private static int WriteHeader(Span<byte> buffer, in EntryExpiration expiration)
    {
        if (expiration.Sliding is not { } sliding)
        {
            buffer[0] = Direct;
            return 1;
        }

        buffer[0] = Sliding;
        BinaryPrimitives.WriteInt64LittleEndian(buffer[1..], Math.Clamp((long)sliding.TotalMilliseconds, 1, LongestTime));
        BinaryPrimitives.WriteInt64LittleEndian(buffer[EndOffset..], expiration.Absolute?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        return LongestHeader;
    }
}
