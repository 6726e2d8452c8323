using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Reading;

/// <summary>A document from MongoDB.</summary>
/// <param name="Body">Its JSON.</param>
/// <param name="Key">The text of its key field; null when it was not asked for, or is no text.</param>
/// <param name="IdTag">The tag of its <c>_id</c>; null when entries have none.</param>
internal sealed record LoadedDocument(JsonBody Body, string? Key, string? IdTag);
