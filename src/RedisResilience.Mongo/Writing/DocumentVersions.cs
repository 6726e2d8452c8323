using MongoDB.Bson.Serialization;

namespace RedisResilience.Mongo.Writing;

/// <summary>The field that counts a document's versions.</summary>
internal sealed class DocumentVersions(string field)
{
    public FilterDefinition<RawBsonDocument> Is(long version) => Builders<RawBsonDocument>.Filter.Eq(field, version);

    public UpdateDefinition<RawBsonDocument> Raise() => Builders<RawBsonDocument>.Update.Inc(field, 1L);

    public RawBsonDocument Set(RawBsonDocument document, long version)
    {
        var versioned = BsonSerializer.Deserialize<BsonDocument>(document.ToBson());
        versioned[field] = version;
        return new RawBsonDocument(versioned.ToBson());
    }

    /// <summary>Replaces the document and raises its version in one step of the server, even if there is no document yet.</summary>
    public UpdateDefinition<RawBsonDocument> ReplaceAndRaise(RawBsonDocument document)
    {
        var next = new BsonDocument("$add", new BsonArray { new BsonDocument("$ifNull", new BsonArray { $"${field}", 0L }), 1L });
        var kept = new BsonDocument(field, next);
        if (!document.Contains("_id"))
        {
            kept.Add("_id", "$_id");
        }

        var literal = new BsonDocument("$literal", BsonSerializer.Deserialize<BsonDocument>(document.ToBson()));
        return UpdateRendering.FromStages(
            [new BsonDocument("$replaceWith", new BsonDocument("$mergeObjects", new BsonArray { literal, kept }))]);
    }
}
