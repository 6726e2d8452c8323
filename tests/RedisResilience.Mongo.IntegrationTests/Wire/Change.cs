using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>An entry of the oplog.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="Database">Where it happened.</param>
/// <param name="Collection">Where it happened.</param>
/// <param name="Kind">As change streams call it.</param>
/// <param name="Before">The document before, if the collection keeps pre-images.</param>
/// <param name="After">The document after, if there is one.</param>
/// <param name="Difference">Of an update: what is other than before.</param>
internal sealed record Change(
    long Sequence,
    string Database,
    string Collection,
    string Kind,
    BsonValue? Id,
    BsonDocument? Before,
    BsonDocument? After,
    BsonDocument? Difference = null)
{
    public bool Invalidates => Kind is "drop" or "rename";

    public BsonDocument ToEvent(bool wantsPreImage)
    {
        var change = new BsonDocument
        {
            { "_id", Token(Sequence) },
            { "operationType", Kind },
            { "clusterTime", WireStore.TimeOf(Sequence) },
            { "ns", new BsonDocument { { "db", Database }, { "coll", Collection } } },
        };
        if (Id is not null)
        {
            change.Add("documentKey", new BsonDocument("_id", Id));
        }

        if (Kind is "insert" or "replace")
        {
            change.Add("fullDocument", After);
        }

        if (Kind == "update")
        {
            change.Add("updateDescription", Difference);
        }

        if (Kind == "rename")
        {
            change.Add("to", new BsonDocument { { "db", Database }, { "coll", After!["to"] } });
        }

        if (wantsPreImage && Kind is ("update" or "replace" or "delete"))
        {
            change.Add("fullDocumentBeforeChange", (BsonValue?)Before ?? BsonNull.Value);
        }

        return change;
    }

    /// <summary>As updates are told: the top-level fields that are other, and those that are gone.</summary>
    public static BsonDocument Describe(BsonDocument before, BsonDocument after) => new()
    {
        { "updatedFields", new BsonDocument(
            after.Where(field => !before.TryGetValue(field.Name, out var old) || !old.Equals(field.Value))) },
        { "removedFields", new BsonArray(before.Names.Where(name => !after.Contains(name))) },
        { "truncatedArrays", new BsonArray() },
    };

    public static BsonDocument Token(long sequence, bool isInvalidate = false) =>
        new("_data", $"82{sequence:x16}{(isInvalidate ? "ff" : "")}");

    public static (long Sequence, bool IsInvalidate) ReadToken(BsonDocument token)
    {
        var data = token.GetValue("_data", "").AsString;
        return data.Length is 18 or 20
            && long.TryParse(data.AsSpan(2, 16), System.Globalization.NumberStyles.HexNumber, null, out var sequence)
            ? (sequence, data.Length == 20)
            : throw new WireException(260, "InvalidResumeToken", "The resume token is not one of this server.");
    }
}
