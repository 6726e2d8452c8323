using System.IO.Hashing;

namespace RedisResilience.Caching.Entries;

/// <summary>The checksum of a header: XXH3 of the texts and tags behind the fixed part, seeded with XXH3 of the fixed part before the
/// checksum's own place.</summary>
internal static class EntryChecksum
{
    public static ulong Compute(ReadOnlySpan<byte> header)
    {
        var seed = (long)XxHash3.HashToUInt64(header[..EntryFormat.HeaderHashAt]);
        return XxHash3.HashToUInt64(header[EntryFormat.FixedLength..], seed);
    }
}
