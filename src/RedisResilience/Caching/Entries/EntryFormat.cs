namespace RedisResilience.Caching.Entries;

/// <summary>The layout of an entry with metadata, as <c>docs/entry-format.md</c> describes it byte by byte. Integers are
/// little-endian.</summary>
internal static class EntryFormat
{
    /// <summary>
    /// The first byte of every header. UTF-8 never contains it, and MessagePack does not use it. So no text, byte order mark, gzip data or
    /// image begins with it.
    /// </summary>
    public const byte Marker = 0xC1;

    public const byte Version = 1;

    public const int FlagsAt = 2;
    public const int EncodingAt = 3;
    public const int AnnotationLengthAt = 4;
    public const int ContentTypeLengthAt = 6;
    public const int NonceAt = 8;
    public const int EntityTagLengthAt = 16;
    public const int TagCountAt = 18;
    public const int TagsLengthAt = 20;
    public const int BodyLengthAt = 24;
    public const int OriginalLengthAt = 28;
    public const int LoadCostAt = 32;
    public const int CreatedAt = 40;
    public const int FreshForAt = 48;
    public const int TimeToLiveAt = 56;
    public const int KeyHashAt = 64;
    public const int BodyHashAt = 72;
    public const int HeaderHashAt = 80;

    /// <summary>The length of the fixed part of a header. The texts and the tags follow, and then the body.</summary>
    public const int FixedLength = 88;

    public const byte NegativeFlag = 1;

    /// <summary>The longest time in an entry. Redis and dates support more, but no caller needs more.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(3653);

    /// <summary>The length of a tag's version and name length, which come before its name.</summary>
    public const int TagFixedLength = sizeof(long) + sizeof(ushort);
}
