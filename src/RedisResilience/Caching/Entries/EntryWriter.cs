using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace RedisResilience.Caching.Entries;

/// <summary>Writes an entry with metadata.</summary>
internal static class EntryWriter
{
    /// <summary>Whether a body can be stored without a header: its first byte must not look like the beginning of one.</summary>
    public static bool CanBePlain(ReadOnlySpan<byte> body) => body.IsEmpty || body[0] != EntryFormat.Marker;

    /// <summary>How many bytes an entry takes.</summary>
    public static int GetLength(in EntryMetadata metadata, int bodyLength) =>
        checked(EntryFormat.FixedLength + Length(metadata.ContentType) + Length(metadata.EntityTag) + metadata.Annotation.Length
            + TagsLength(metadata.Tags.Span) + bodyLength);

    /// <summary>Writes the entry into <paramref name="destination"/>, which must have room for <see cref="GetLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">A text or the annotation is longer than 65,535 bytes, there are more than 65,535 tags, or a time
    /// is out of its range.</exception>
    public static int Write(in EntryMetadata metadata, ulong keyHash, ReadOnlySpan<byte> body, Span<byte> destination)
    {
        Validate(metadata);
        destination = destination[..GetLength(metadata, body.Length)];
        var header = destination[..^body.Length];
        header[0] = EntryFormat.Marker;
        header[1] = EntryFormat.Version;
        header[EntryFormat.FlagsAt] = metadata.IsNegative ? EntryFormat.NegativeFlag : (byte)0;
        header[EntryFormat.EncodingAt] = (byte)metadata.Encoding;
        WriteUInt16(header, EntryFormat.AnnotationLengthAt, metadata.Annotation.Length);
        WriteUInt16(header, EntryFormat.ContentTypeLengthAt, Length(metadata.ContentType));
        WriteInt64(header, EntryFormat.NonceAt, Random.Shared.NextInt64());
        WriteUInt16(header, EntryFormat.EntityTagLengthAt, Length(metadata.EntityTag));
        WriteUInt16(header, EntryFormat.TagCountAt, metadata.Tags.Length);
        WriteInt32(header, EntryFormat.TagsLengthAt, TagsLength(metadata.Tags.Span));
        WriteInt32(header, EntryFormat.BodyLengthAt, body.Length);
        WriteInt32(
            header, EntryFormat.OriginalLengthAt, metadata.Encoding == ContentEncoding.Identity ? body.Length : metadata.OriginalLength);
        WriteInt64(header, EntryFormat.LoadCostAt, (long)Math.Clamp(metadata.LoadCost.TotalMicroseconds, 0, uint.MaxValue));
        WriteInt64(header, EntryFormat.CreatedAt, metadata.Created.ToUnixTimeMilliseconds());
        WriteInt64(header, EntryFormat.FreshForAt, (long)metadata.FreshFor.TotalMilliseconds);
        WriteInt64(header, EntryFormat.TimeToLiveAt, (long)metadata.TimeToLive.TotalMilliseconds);
        WriteInt64(header, EntryFormat.KeyHashAt, (long)keyHash);
        WriteInt64(header, EntryFormat.BodyHashAt, (long)XxHash3.HashToUInt64(body));
        WriteTexts(metadata, header[EntryFormat.FixedLength..]);
        WriteInt64(header, EntryFormat.HeaderHashAt, (long)EntryChecksum.Compute(header));
        body.CopyTo(destination[header.Length..]);
        return destination.Length;
    }

    private static void WriteTexts(in EntryMetadata metadata, Span<byte> rest)
    {
        rest = rest[Encoding.UTF8.GetBytes(metadata.ContentType, rest)..];
        rest = rest[Encoding.UTF8.GetBytes(metadata.EntityTag, rest)..];
        metadata.Annotation.Span.CopyTo(rest);
        rest = rest[metadata.Annotation.Length..];
        foreach (var tag in metadata.Tags.Span)
        {
            WriteInt64(rest, 0, tag.Version);
            WriteUInt16(rest, sizeof(long), Length(tag.Name));
            rest = rest[EntryFormat.TagFixedLength..];
            rest = rest[Encoding.UTF8.GetBytes(tag.Name, rest)..];
        }
    }

    private static void Validate(in EntryMetadata metadata)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(metadata.FreshFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.FreshFor, metadata.TimeToLive);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.TimeToLive, EntryFormat.LongestTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(metadata.Created, DateTimeOffset.UnixEpoch);
        ArgumentOutOfRangeException.ThrowIfNegative(metadata.OriginalLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Annotation.Length, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Tags.Length, ushort.MaxValue);
    }

    private static int TagsLength(ReadOnlySpan<EntryTag> tags)
    {
        var length = 0;
        foreach (var tag in tags)
        {
            length += EntryFormat.TagFixedLength + Length(tag.Name);
        }

        return length;
    }

    private static int Length(string? text)
    {
        var length = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue, nameof(text));
        return length;
    }

    private static void WriteUInt16(Span<byte> header, int at, int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(header[at..], (ushort)value);

    private static void WriteInt32(Span<byte> header, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(header[at..], value);

    private static void WriteInt64(Span<byte> header, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(header[at..], value);
}
