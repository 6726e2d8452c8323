using MongoDB.Bson.Serialization;

namespace RedisResilience.Mongo.Writing;

/// <summary>Converts updates that were written for <c>BsonDocument</c> to a collection of raw bytes.</summary>
internal static class UpdateRendering
{
    public static UpdateDefinition<RawBsonDocument> Render(UpdateDefinition<BsonDocument> update)
    {
        var arguments = new RenderArgs<BsonDocument>(BsonSerializer.LookupSerializer<BsonDocument>(), BsonSerializer.SerializerRegistry);
        return update.Render(arguments) switch
        {
            BsonDocument operators => new BsonDocumentUpdateDefinition<RawBsonDocument>(operators),
            var stages => FromStages([.. stages.AsBsonArray.Select(stage => stage.AsBsonDocument)]),
        };
    }

    public static UpdateDefinition<RawBsonDocument> FromStages(BsonDocument[] stages) =>
        Builders<RawBsonDocument>.Update.Pipeline(PipelineDefinition<RawBsonDocument, RawBsonDocument>.Create(stages));
}
