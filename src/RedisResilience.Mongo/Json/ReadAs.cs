using MongoDB.Bson.Serialization;

namespace RedisResilience.Mongo.Json;

/// <summary>Says which fields the server sends, and how they are read.</summary>
internal sealed class ReadAs<TResult>(
    IBsonSerializer<TResult> serializer, BsonDocument? fields) : ProjectionDefinition<RawBsonDocument, TResult>
{
    public override RenderedProjectionDefinition<TResult> Render(RenderArgs<RawBsonDocument> args) => new(fields, serializer);
}
