using MongoDB.Bson;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary>From a change to the keys, or the tag, of the entries it touches.</summary>
internal sealed class ChangedKeys(DocumentKeys keys, string keyField, IdTags? tags)
{
    private const string PreImage = "fullDocumentBeforeChange";

    /// <summary>What the server needs to send of a change: no more than names the entries.</summary>
    public BsonDocument Fields { get; } = keyField == "_id"
        ? new BsonDocument { { "operationType", 1 }, { "documentKey._id", 1 } }
        : new BsonDocument
        {
            { "operationType", 1 }, { "documentKey._id", 1 }, { $"fullDocument.{keyField}", 1 }, { $"{PreImage}.{keyField}", 1 },
            { $"updateDescription.updatedFields.{keyField}", 1 },
        };

    /// <summary>Whether the old key of a document is of use.</summary>
    public bool NeedsPreImages => keyField != "_id";

    public static ChangeKind KindOf(BsonDocument change) => change.GetValue("operationType", "").AsString switch
    {
        "insert" or "update" or "replace" or "delete" => ChangeKind.Document,
        "drop" or "rename" or "dropDatabase" => ChangeKind.Collection,
        "invalidate" => ChangeKind.End,
        _ => ChangeKind.None,
    };

    public void Collect(BsonDocument change, HashSet<string> entries, HashSet<string> entryTags)
    {
        var id = change["documentKey"]["_id"];
        if (keyField == "_id")
        {
            Add(id, entries);
            return;
        }

        var before = Inside(change, PreImage);
        Add(before, entries);
        Add(Inside(change, "fullDocument"), entries);
        Add(Inside(change, "updateDescription", "updatedFields"), entries);

        // Nobody had an insert's document before; of all others the old key must be known, or the entry is found by the id.
        if (before is null && change["operationType"] != "insert")
        {
            entryTags.Add(tags!.TagOf(id));
        }
    }

    private void Add(BsonValue? key, HashSet<string> entries)
    {
        if (key is BsonString text && keys.TryKeyOf(text.Value, out var entry))
        {
            entries.Add(entry);
        }
    }

    private BsonValue? Inside(BsonDocument change, params string[] path)
    {
        BsonValue value = change;
        foreach (var name in path.Append(keyField))
        {
            if (value is not BsonDocument document || !document.TryGetValue(name, out value))
            {
                return null;
            }
        }

        return value;
    }
}
