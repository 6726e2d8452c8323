using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Reading;

/// <summary>A document from MongoDB.</summary>
/// <param name="Body">Its JSON.</param>
/// <param name="Key">The text of its key field. Null when it was not requested, or is not text.</param>
/// <param name="IdTag">The tag of its <c>_id</c>. Null when entries have no such tag.</param>
internal sealed record LoadedDocument(JsonBody Body, string? Key, string? IdTag);
