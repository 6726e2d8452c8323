namespace RedisResilience.Mongo.Following;

/// <summary>The parts of a change that are needed to find the affected entries.</summary>
/// <param name="Kind">What it means for the cache.</param>
/// <param name="Token">The resume token after this change.</param>
/// <param name="Time">The time of the change. Null when the server does not report it.</param>
/// <param name="Entries">The keys of the entries that it names.</param>
/// <param name="Tag">The tag of affected entries whose keys are not known. Null when all keys are known.</param>
internal sealed record Change(ChangeKind Kind, BsonDocument Token, BsonTimestamp? Time, IReadOnlyList<string> Entries, string? Tag);
