namespace RedisResilience.Http.Caching.Entries;

/// <summary>A response as it is kept: its fields line by line, its body, and what was judged when it came.</summary>
internal sealed record StoredResponse
{
    public required int Status { get; init; }

    public string? ReasonPhrase { get; init; }

    public required IReadOnlyList<FieldLine> Fields { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public required ReusePolicy Policy { get; init; }

    /// <summary>The request's fields that it depends on, in lower case and order.</summary>
    public IReadOnlyList<string> VaryNames { get; init; } = [];

    /// <summary>A hash of those fields of the request that it answered.</summary>
    public UInt128 Selecting { get; init; }

    /// <summary>A number that the responses beside each other have in common: when the first of them has been removed, the next has
    /// another, and they are as good as gone.</summary>
    public ulong Lineage { get; init; }

    /// <summary>When it was stored, by the clock of whoever stored it: for a cache that does not tell ages.</summary>
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

    /// <summary>The field's only line, or the first; null when it is not there.</summary>
    public string? First(string name) => Lines(name).FirstOrDefault();

    /// <summary>The same, with its body in memory of its own.</summary>
    public StoredResponse Detached() => this with { Body = Body.ToArray() };

    public bool HasValidator => First("ETag") is not null || First("Last-Modified") is not null;
}
