using System.Buffers.Binary;

namespace RedisResilience.Caching.Entries;

/// <summary>The tags of an entry, one after the other, without a copy: <c>while (tags.TryNext(out var name, out var
/// version))</c>.</summary>
internal ref struct EntryTags(ReadOnlySpan<byte> bytes, int count)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private int _left = count;

    public bool TryNext(out ReadOnlySpan<byte> name, out long version)
    {
        name = default;
        version = 0;
        if (_left == 0 || _rest.Length < EntryFormat.TagFixedLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[sizeof(long)..]);
        if (_rest.Length < EntryFormat.TagFixedLength + length)
        {
            return false;
        }

        version = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        name = _rest.Slice(EntryFormat.TagFixedLength, length);
        _rest = _rest[(EntryFormat.TagFixedLength + length)..];
        _left--;
        return true;
    }

    /// <summary>Whether the bytes hold exactly as many tags as they should.</summary>
    public readonly bool AreWhole()
    {
        var tags = this;
        while (tags.TryNext(out _, out _))
        {
        }

        return tags._left == 0 && tags._rest.IsEmpty;
    }
}
