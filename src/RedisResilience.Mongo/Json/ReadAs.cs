using MongoDB.Bson.Serialization;

namespace RedisResilience.Mongo.Json;

/// <summary>Which fields the server sends, and who reads them.</summary>
internal sealed class ReadAs<TResult>(
    IBsonSerializer<TResult> serializer, BsonDocument? fields) : ProjectionDefinition<RawBsonDocument, TResult>
{
    public override RenderedProjectionDefinition<TResult> Render(RenderArgs<RawBsonDocument> args) => new(fields, serializer);
}
