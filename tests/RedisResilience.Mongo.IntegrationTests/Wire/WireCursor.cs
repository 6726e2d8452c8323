using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What is left of a result, or a change stream: on the member where it was opened, and nowhere else.</summary>
internal abstract record WireCursor(string Database, string Collection, WireMember Member)
{
    private static long _lastId;

    public long Id { get; } = Interlocked.Increment(ref _lastId) + 1_000_000;
}

/// <summary>Documents that are still to be sent.</summary>
internal sealed record ResultCursor(
    string Database, string Collection, WireMember Member, Queue<BsonDocument> Rest) : WireCursor(Database, Collection, Member);

/// <summary>A change stream: its place, and what it sends of a change.</summary>
internal sealed record ChangeCursor(string Database, string Collection, WireMember Member) : WireCursor(Database, Collection, Member)
{
    public required string? Watched { get; init; }

    public required bool WantsPreImages { get; init; }

    public required bool NeedsPreImages { get; init; }

    public required BsonDocument[] Stages { get; init; }

    public required long Place { get; set; }

    /// <summary>What ends the stream once it has been sent.</summary>
    public Change? Invalidating { get; set; }

    public bool IsOver { get; set; }
}
