using System.Text;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Reading;

/// <summary>A serializer for the driver that makes JSON instead of an object.</summary>
internal sealed class LoadedDocumentSerializer : SerializerBase<LoadedDocument>
{
    private readonly BsonToJson _json;
    private readonly Func<BsonDocument, BsonDocument>? _transform;
    private readonly IdTags? _tags;
    private readonly byte[] _keyField;

    public LoadedDocumentSerializer(RedisResilienceMongoOptions options, IdTags? tags)
    {
        _json = new BsonToJson(options.Json, options.HideId);
        _transform = options.Transform;
        _tags = tags;
        _keyField = Encoding.UTF8.GetBytes(options.KeyField);
    }

    public override LoadedDocument Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        DocumentBytes.Read(context.Reader, this, static (serializer, bytes) => serializer.Load(bytes));

    private LoadedDocument Load(ReadOnlySpan<byte> document)
    {
        var key = BsonField.Find(document, _keyField, out var kind, out var value) && kind == BsonKind.Text
            ? Encoding.UTF8.GetString(new BsonBytes(value).ReadText())
            : null;
        return new LoadedDocument(Write(document), key, _tags?.Find(document));
    }

    private JsonBody Write(ReadOnlySpan<byte> document) => _transform is null
        ? _json.Write(document)
        : _json.Write(_transform(BsonSerializer.Deserialize<BsonDocument>(document.ToArray())).ToBson());
}
