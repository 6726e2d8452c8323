using System.Buffers.Binary;

namespace RedisResilience.Caching.Entries;

/// <summary>A part of an entry that was read. With it, the store checks whether the entry is still the same.</summary>
/// <param name="At">Its position in the entry.</param>
/// <param name="Bytes">The part.</param>
internal readonly record struct SeenPart(int At, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// The first bytes of a body without a header. For an entry with a header, whose body may be compressed, the body's hash in the header.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="headLength">How many first bytes distinguish it from other bodies.</param>
    /// <param name="bodyHash">The hash in its header; null when it has none.</param>
    public static SeenPart Of(ReadOnlyMemory<byte> body, int headLength, ulong? bodyHash)
    {
        if (bodyHash is null)
        {
            return new SeenPart(0, body[..Math.Min(headLength, body.Length)].ToArray());
        }

        var hash = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, bodyHash.Value);
        return new SeenPart(EntryFormat.BodyHashAt, hash);
    }

    public bool IsOf(ReadOnlySpan<byte> entry) => entry.Length >= At && entry[At..].StartsWith(Bytes.Span);
}
