namespace RedisResilience.Http.Caching.Entries;

/// <summary>A stored response: its fields line by line, its body, and how it may be reused.</summary>
internal sealed record StoredResponse
{
    public required int Status { get; init; }

    public string? ReasonPhrase { get; init; }

    public required IReadOnlyList<FieldLine> Fields { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public required ReusePolicy Policy { get; init; }

    /// <summary>The names of the request's fields that it varies by, in lower case and in order.</summary>
    public IReadOnlyList<string> VaryNames { get; init; } = [];

    /// <summary>A hash of these fields of the request that it answered.</summary>
    public UInt128 Selecting { get; init; }

    /// <summary>A number that all variants of a URI share. After the first variant was removed, the next one has another number, and the
    /// old variants are no longer served.</summary>
    public ulong Lineage { get; init; }

    /// <summary>When it was stored, by the clock of that process. It is needed where the cache returns no age.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    public IEnumerable<string?> Lines(string name)
    {
        foreach (var line in Fields)
        {
            if (line.Is(name))
            {
                yield return line.Value;
            }
        }
    }

    /// <summary>The first line of a field. Null if there is no such field.</summary>
    public string? First(string name) => Lines(name).FirstOrDefault();

    /// <summary>A copy with its own memory for the body.</summary>
    public StoredResponse Detached() => this with { Body = Body.ToArray() };

    public bool HasValidator => First("ETag") is not null || First("Last-Modified") is not null;
}
