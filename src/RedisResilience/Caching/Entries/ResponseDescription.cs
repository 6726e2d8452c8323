using System.Text;

namespace RedisResilience.Caching.Entries;

/// <summary>The description of a body. It is made once for all callers who get the same bytes.</summary>
internal sealed record ResponseDescription
{
    public static ResponseDescription None { get; } = new();

    public ContentEncoding ContentEncoding { get; init; }

    public int OriginalLength { get; init; }

    public string? ContentType { get; init; }

    public string? ETag { get; init; }

    /// <summary>Null when the bytes were not examined.</summary>
    public string? BodyETag { get; init; }

    /// <summary>Null when the entry has no header.</summary>
    public ulong? BodyHash { get; init; }

    public ReadOnlyMemory<byte> Annotation { get; init; }

    /// <param name="header">The header of an entry.</param>
    /// <param name="entry">
    /// The whole entry. The description keeps no reference to it, because its buffer may belong to one of several readers.
    /// </param>
    public static ResponseDescription Of(in EntryHeader header, ReadOnlyMemory<byte> entry) => new()
    {
        ContentEncoding = header.Encoding,
        OriginalLength = header.OriginalLength,
        ContentType = Text(header.ContentType(entry.Span)),
        ETag = Text(header.EntityTag(entry.Span)),
        BodyETag = BodyTag.Of(header.BodyHash),
        BodyHash = header.BodyHash,
        Annotation = header.Annotation(entry).ToArray(),
    };

    private static string? Text(ReadOnlySpan<byte> ascii) => ascii.IsEmpty ? null : Encoding.ASCII.GetString(ascii);
}
