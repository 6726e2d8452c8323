namespace RedisResilience.Caching.Entries;

/// <summary>The metadata that an entry stores with its body.</summary>
internal readonly record struct EntryMetadata
{
    /// <summary>When the load began, by the clock of the process that stores the entry.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>How long the entry is fresh. After that it may be served stale until <see cref="TimeToLive"/> is over.</summary>
    public TimeSpan FreshFor { get; init; }

    /// <summary>How long the entry lives in Redis.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>How long the source took, for early refresh (XFetch). Kept in microseconds, at most 71 minutes.</summary>
    public TimeSpan LoadCost { get; init; }

    /// <summary>Whether the entry is negative: the source has nothing for the key.</summary>
    public bool IsNegative { get; init; }

    public ContentEncoding Encoding { get; init; }

    /// <summary>The length of the body without its coding.</summary>
    public int OriginalLength { get; init; }

    /// <summary>The media type; null or empty when it is not known. ASCII.</summary>
    public string? ContentType { get; init; }

    /// <summary>The entity tag that the source gave, with its quotes; null or empty when it gave none. ASCII.</summary>
    public string? EntityTag { get; init; }

    /// <summary>
    /// Other data that the filler stores with the body, such as the header fields of an HTTP response: at most 65,535 bytes.
    /// </summary>
    public ReadOnlyMemory<byte> Annotation { get; init; }

    public ReadOnlyMemory<EntryTag> Tags { get; init; }
}
