using CsCheck;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Tests.Caching.Entries;

/// <summary>Entries of every shape.</summary>
internal static class EntrySamples
{
    public const string Prefix = "app:";
    public const string Key = "predictions:v1:AAPL";

    public static readonly ulong KeyHash = EntryKey.Hash(Prefix, Key);

    private static readonly Gen<string> Texts = Gen.String[Gen.Char[' ', '~'], 0, 40];
    private static readonly Gen<TimeSpan> Times = Gen.Long[0, (long)EntryFormat.LongestTime.TotalMilliseconds].Select(
        milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    private static readonly Gen<EntryTag[]> Tags = Gen.Select(
        Gen.String[Gen.Char['a', 'ÿ'], 0, 20], Gen.Long, (name, version) => new EntryTag(name, version)).Array[0, 4];

    public static Gen<byte[]> Bodies => Gen.Byte.Array[0, 200];

    public static Gen<EntryMetadata> Metadata =>
        from created in Gen.Long[0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()]
        from first in Times
        from second in Times
        from cost in Gen.UInt
        from isNegative in Gen.Bool
        from encoding in Gen.Enum<ContentEncoding>()
        from length in Gen.Int[0, int.MaxValue]
        from contentType in Texts
        from entityTag in Texts
        from annotation in Gen.Byte.Array[0, 50]
        from tags in Tags
        select new EntryMetadata
        {
            Created = DateTimeOffset.FromUnixTimeMilliseconds(created),
            FreshFor = first < second ? first : second,
            TimeToLive = first < second ? second : first,
            LoadCost = TimeSpan.FromMicroseconds(cost),
            IsNegative = isNegative,
            Encoding = encoding,
            OriginalLength = length,
            ContentType = contentType,
            EntityTag = entityTag,
            Annotation = annotation,
            Tags = tags,
        };

    public static Gen<byte[]> Written => Gen.Select(Metadata, Bodies, (metadata, body) => Write(metadata, body));

    public static byte[] Write(EntryMetadata metadata, byte[] body)
    {
        var entry = new byte[EntryWriter.GetLength(metadata, body.Length)];
        Assert.That(EntryWriter.Write(metadata, KeyHash, body, entry), Is.EqualTo(entry.Length));
        return entry;
    }
}
