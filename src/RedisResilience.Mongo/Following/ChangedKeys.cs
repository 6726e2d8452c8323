using System.Text;
using System.Text.Unicode;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using RedisResilience.Mongo.Json;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary> Finds in the bytes of a change the keys, or the tag, of the affected entries. No content of a document can stop it. </summary>
internal sealed class ChangedKeys(DocumentKeys keys, string keyField, IdTags? tags) : SerializerBase<Change>
{
    private static readonly string[] Images = ["fullDocumentBeforeChange", "fullDocument", "updateDescription.updatedFields"];

    private readonly byte[] _keyField = Encoding.UTF8.GetBytes(keyField);

    /// <summary>The fields of a change that the server must send: only those that identify the entries.</summary>
    public BsonDocument Fields { get; } = new BsonDocument { { "operationType", 1 }, { "clusterTime", 1 }, { "documentKey._id", 1 } }
        .AddRange(keyField == "_id" ? [] : Images.Select(image => new BsonElement($"{image}.{keyField}", 1)));

    /// <summary>Whether the old key of a document is of use.</summary>
    public bool NeedsPreImages => tags is not null;

    public override Change Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        DocumentBytes.Read(context.Reader, this, static (keys, bytes) => keys.Read(bytes));

    public override void Serialize(BsonSerializationContext context, BsonSerializationArgs args, Change value) =>
        throw new NotSupportedException("Changes are only read.");

    private Change Read(ReadOnlySpan<byte> change)
    {
        var token = BsonField.Find(change, "_id"u8, out _, out var tokenBytes)
            ? BsonSerializer.Deserialize<BsonDocument>(tokenBytes.ToArray())
            : [];
        BsonTimestamp? time = BsonField.Find(change, "clusterTime"u8, out var kind, out var value) && kind == BsonKind.Timestamp
            ? new BsonTimestamp(BitConverter.ToInt64(value))
            : null;
        var operation = Text(change, "operationType"u8);
        var entries = new List<string>(1);
        var tag = operation is "insert" or "update" or "replace" or "delete" ? Collect(change, operation, entries) : null;
        return new Change(KindOf(operation), token, time, entries, tag);
    }

    /// <returns>The tag of what was not found by its key.</returns>
    private string? Collect(ReadOnlySpan<byte> change, string operation, List<string> entries)
    {
        if (!Find(change, "documentKey"u8, out var id))
        {
            return null;
        }

        if (tags is null)
        {
            Add(id, entries);
            return null;
        }

        var hasOld = Find(change, "fullDocumentBeforeChange"u8, out var before) && Add(before, entries);
        if (Find(change, "fullDocument"u8, out var after))
        {
            Add(after, entries);
        }

        if (Find(change, "updateDescription"u8, out var update) && Find(update, "updatedFields"u8, out var updated))
        {
            Add(updated, entries);
        }

        // Nobody had an insert's document before; of all others the old key must be known, or the entry is found by the id.
        return hasOld || operation == "insert" ? null : tags.Find(id);
    }

    /// <returns>Whether the document has the key field.</returns>
    private bool Add(ReadOnlySpan<byte> document, List<string> entries)
    {
        if (Text(document, _keyField) is { Length: > 0 } id && keys.TryKeyOf(id, out var entry))
        {
            entries.Add(entry);
        }

        return BsonField.Find(document, _keyField, out _, out _);
    }

    private static bool Find(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> inside) =>
        BsonField.Find(document, name, out var kind, out inside) && kind == BsonKind.Document;

    /// <returns>A field's text. Null when the field is not text or not valid text, because no caller can ask for such an id.</returns>
    private static string? Text(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name)
    {
        var text = BsonField.Find(document, name, out var kind, out var value) && kind == BsonKind.Text
            ? new BsonBytes(value).ReadText()
            : default;
        return text.IsEmpty || !Utf8.IsValid(text) ? null : Encoding.UTF8.GetString(text);
    }

    private static ChangeKind KindOf(string? operation) => operation switch
    {
        "insert" or "update" or "replace" or "delete" => ChangeKind.Document,
        "drop" or "rename" or "dropDatabase" => ChangeKind.Collection,
        "invalidate" => ChangeKind.End,
        _ => ChangeKind.None,
    };
}
