using System.IO.Compression;
using System.Runtime.InteropServices;

namespace RedisResilience.Caching.Entries;

/// <summary>Decodes gzip (RFC 1952). The platform supports gzip only as a stream.</summary>
internal static class GzipDecoder
{
    /// <returns>The decoded length; -1 when the bytes are damaged or do not fit.</returns>
    public static int Inflate(ReadOnlyMemory<byte> body, Span<byte> destination, out bool isTooSmall)
    {
        isTooSmall = false;
        using var coded = MemoryMarshal.TryGetArray(body, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(body.ToArray(), writable: false);
        using var decoded = new GZipStream(coded, CompressionMode.Decompress);
        try
        {
            var length = decoded.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            isTooSmall = length == destination.Length && decoded.ReadByte() >= 0;
            return length > 0 && !isTooSmall ? length : -1;
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }
}
