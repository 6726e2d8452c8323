using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace RedisResilience.Mongo.Json;

/// <summary>To the driver a serializer, so that it calls it where it would make an object.</summary>
internal sealed class JsonBodySerializer(BsonToJson json) : SerializerBase<JsonBody>
{
    public override JsonBody Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        DocumentBytes.Read(context.Reader, json, static (json, bytes) => json.Write(bytes));
}
