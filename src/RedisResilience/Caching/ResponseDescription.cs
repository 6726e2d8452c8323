namespace RedisResilience.Caching;

/// <summary>What is known of a body beside its bytes. Made once for an entry, and shared by all who read it.</summary>
internal sealed record ResponseDescription
{
    public static readonly ResponseDescription None = new();

    public ContentEncoding ContentEncoding { get; init; }

    public int OriginalLength { get; init; }

    public string? ContentType { get; init; }

    public string? ETag { get; init; }

    public string? BodyETag { get; init; }

    public ReadOnlyMemory<byte> Annotation { get; init; }
}
