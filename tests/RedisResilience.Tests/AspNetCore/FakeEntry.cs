using RedisResilience.Caching;

namespace RedisResilience.Tests.AspNetCore;

/// <summary>What <see cref="FakeCache"/> keeps.</summary>
internal sealed record FakeEntry(byte[] Body)
{
    public bool IsStale { get; init; }

    public TimeSpan? Age { get; init; }

    public string? ContentType { get; init; }

    public ContentEncoding Encoding { get; init; }

    public string? ETag { get; init; }

    public byte[] Annotation { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What the source has given, when the entry comes from one.</summary>
    public SourceResponse Source { get; init; }
}
