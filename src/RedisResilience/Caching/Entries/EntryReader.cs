using System.Buffers.Binary;
using System.IO.Hashing;

namespace RedisResilience.Caching.Entries;

/// <summary>Reads the bytes under a key. It accepts any bytes, allocates nothing and never throws.</summary>
internal static class EntryReader
{
    /// <param name="entry">The whole value.</param>
    /// <param name="keyHash">The key's <see cref="EntryKey.Hash(string, string)"/>.</param>
    /// <param name="header">The metadata, valid for <see cref="EntryKind.WithMetadata"/>.</param>
    public static EntryKind Read(ReadOnlySpan<byte> entry, ulong keyHash, out EntryHeader header)
    {
        header = default;
        if (entry.IsEmpty || entry[0] != EntryFormat.Marker)
        {
            return EntryKind.Plain;
        }

        var kind = ReadHeader(entry, keyHash, out var read);
        if (kind != EntryKind.WithMetadata)
        {
            return kind;
        }

        if (entry.Length != read.BodyAt + read.BodyLength)
        {
            return entry.Length < read.BodyAt + read.BodyLength ? EntryKind.Truncated : EntryKind.Damaged;
        }

        if (XxHash3.HashToUInt64(entry[read.BodyAt..]) != read.BodyHash)
        {
            return EntryKind.Damaged;
        }

        header = read;
        return EntryKind.WithMetadata;
    }

    /// <summary>Reads the header alone, from bytes that may end with it or go on: the first part of an entry (<c>GETRANGE</c>) is
    /// enough.</summary>
    /// <remarks>Says nothing about the body.</remarks>
    public static EntryKind ReadHeader(ReadOnlySpan<byte> entry, ulong keyHash, out EntryHeader header)
    {
        header = default;
        if (entry.IsEmpty || entry[0] != EntryFormat.Marker)
        {
            return EntryKind.Plain;
        }

        if (entry.Length > 1 && entry[1] != EntryFormat.Version)
        {
            return EntryKind.OtherVersion;
        }

        if (entry.Length < EntryFormat.FixedLength)
        {
            return EntryKind.Truncated;
        }

        var read = new EntryHeader(entry);
        if (read.BodyAt > entry.Length)
        {
            return EntryKind.Truncated;
        }

        if (read.BodyAt < EntryFormat.FixedLength
            || EntryChecksum.Compute(entry[..read.BodyAt]) != Checksum(entry)
            || !read.IsConsistent(entry))
        {
            return EntryKind.Damaged;
        }

        if (read.KeyHash != keyHash)
        {
            return EntryKind.OtherKey;
        }

        header = read;
        return EntryKind.WithMetadata;
    }

    private static ulong Checksum(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt64LittleEndian(entry[EntryFormat.HeaderHashAt..]);
}
