using System.Buffers.Binary;

namespace RedisResilience.Caching.Entries;

/// <summary>The metadata of an entry, read in place: texts and tags are looked up in the entry's own bytes.</summary>
internal readonly struct EntryHeader
{
    private readonly byte _flags;
    private readonly byte _encoding;
    private readonly ushort _annotationLength;
    private readonly ushort _contentTypeLength;
    private readonly ushort _entityTagLength;
    private readonly ushort _tagCount;
    private readonly uint _tagsLength;
    private readonly uint _loadCost;
    private readonly long _created;
    private readonly long _freshFor;
    private readonly long _timeToLive;

    /// <param name="fixedPart">At least <see cref="EntryFormat.FixedLength"/> bytes.</param>
    public EntryHeader(ReadOnlySpan<byte> fixedPart)
    {
        _flags = fixedPart[EntryFormat.FlagsAt];
        _encoding = fixedPart[EntryFormat.EncodingAt];
        _annotationLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[EntryFormat.AnnotationLengthAt..]);
        _contentTypeLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[EntryFormat.ContentTypeLengthAt..]);
        _entityTagLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[EntryFormat.EntityTagLengthAt..]);
        _tagCount = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[EntryFormat.TagCountAt..]);
        _tagsLength = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[EntryFormat.TagsLengthAt..]);
        BodyLength = BinaryPrimitives.ReadInt32LittleEndian(fixedPart[EntryFormat.BodyLengthAt..]);
        OriginalLength = BinaryPrimitives.ReadInt32LittleEndian(fixedPart[EntryFormat.OriginalLengthAt..]);
        _loadCost = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[EntryFormat.LoadCostAt..]);
        _created = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[EntryFormat.CreatedAt..]);
        _freshFor = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[EntryFormat.FreshForAt..]);
        _timeToLive = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[EntryFormat.TimeToLiveAt..]);
        KeyHash = BinaryPrimitives.ReadUInt64LittleEndian(fixedPart[EntryFormat.KeyHashAt..]);
        BodyHash = BinaryPrimitives.ReadUInt64LittleEndian(fixedPart[EntryFormat.BodyHashAt..]);
    }

    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeMilliseconds(_created);

    public TimeSpan FreshFor => TimeSpan.FromMilliseconds(_freshFor);

    public TimeSpan TimeToLive => TimeSpan.FromMilliseconds(_timeToLive);

    public TimeSpan LoadCost => TimeSpan.FromMicroseconds(_loadCost);

    public bool IsNegative => (_flags & EntryFormat.NegativeFlag) != 0;

    public ContentEncoding Encoding => (ContentEncoding)_encoding;

    /// <summary>The length of the body when it is not coded.</summary>
    public int OriginalLength { get; }

    public int BodyLength { get; }

    /// <summary>XXH3 of the stored bytes of the body.</summary>
    public ulong BodyHash { get; }

    public ulong KeyHash { get; }

    /// <summary>Where the body begins. Beyond every array for lengths that no writer writes.</summary>
    public int BodyAt => (int)Math.Min(int.MaxValue, AnnotationAt + (long)_annotationLength + _tagsLength);

    private int EntityTagAt => EntryFormat.FixedLength + _contentTypeLength;

    private int AnnotationAt => EntityTagAt + _entityTagLength;

    public ReadOnlySpan<byte> ContentType(ReadOnlySpan<byte> entry) => entry.Slice(EntryFormat.FixedLength, _contentTypeLength);

    public ReadOnlySpan<byte> EntityTag(ReadOnlySpan<byte> entry) => entry.Slice(EntityTagAt, _entityTagLength);

    public ReadOnlyMemory<byte> Annotation(ReadOnlyMemory<byte> entry) => entry.Slice(AnnotationAt, _annotationLength);

    public EntryTags Tags(ReadOnlySpan<byte> entry) => new(entry[(AnnotationAt + _annotationLength)..BodyAt], _tagCount);

    /// <summary>Whether the parts of a whole header fit each other: the checksum only says that a writer meant them so.</summary>
    public bool IsConsistent(ReadOnlySpan<byte> entry) =>
        (_flags & ~EntryFormat.NegativeFlag) == 0
        && Encoding is ContentEncoding.Identity or ContentEncoding.Gzip or ContentEncoding.Brotli
        && BodyLength >= 0 && OriginalLength >= 0 && (long)BodyAt + BodyLength <= Array.MaxLength
        && (Encoding != ContentEncoding.Identity || OriginalLength == BodyLength)
        && _created >= 0 && _created <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        && _freshFor >= 0 && _freshFor <= _timeToLive && _timeToLive <= (long)EntryFormat.LongestTime.TotalMilliseconds
        && !ContentType(entry).ContainsAnyExceptInRange((byte)' ', (byte)'~')
            && !EntityTag(entry).ContainsAnyExceptInRange((byte)' ', (byte)'~')
        && Tags(entry).AreWhole();
}
