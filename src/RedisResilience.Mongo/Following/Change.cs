namespace RedisResilience.Mongo.Following;

/// <summary>The parts of a change that are needed to find the affected entries.</summary>
/// <param name="Kind">What it means for the cache.</param>
/// <param name="Token">From where to go on after it.</param>
/// <param name="Time">When it was made; null when the server does not say.</param>
/// <param name="Entries">The keys of the entries that it names.</param>
/// <param name="Tag">The tag of the entries that it does not name; null when it names all of them.</param>
internal sealed record Change(ChangeKind Kind, BsonDocument Token, BsonTimestamp? Time, IReadOnlyList<string> Entries, string? Tag);
