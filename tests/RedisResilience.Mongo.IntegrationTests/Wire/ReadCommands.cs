using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>find, and its cursors.</summary>
internal static class ReadCommands
{
    private const int FirstBatch = 101;

    public static BsonDocument Find(
        BsonDocument command, WireView view, WireStore store, WireMember member, (string Database, string Collection) name)
    {
        if (command.Contains("sort") || command.Contains("skip"))
        {
            throw WireException.BadValue("Sort and skip are not known here.");
        }

        var limit = command.GetValue("limit", 0).ToInt32();
        var found = view.Find(
            command.GetValue("filter", new BsonDocument()).AsBsonDocument).Take(limit == 0 ? int.MaxValue : Math.Abs(limit));
        var projection = command.GetValue("projection", null) as BsonDocument;
        Projector.Apply([], projection);
        var rest = new Queue<BsonDocument>(found.Select(document => Projector.Apply(document, projection)));
        var batch = Take(rest, command.GetValue("batchSize", FirstBatch).ToInt32());
        var cursor = new ResultCursor(name.Database, name.Collection, member, rest);
        if (rest.Count > 0 && !command.GetValue("singleBatch", false).ToBoolean())
        {
            store.Cursors[cursor.Id] = cursor;
            return Reply(cursor.Id, name, "firstBatch", batch);
        }

        return Reply(0, name, "firstBatch", batch);
    }

    public static BsonDocument More(ResultCursor cursor, BsonDocument command, WireStore store)
    {
        if (command.Contains("maxTimeMS"))
        {
            throw WireException.BadValue("cannot set maxTimeMS on getMore command for a non-awaitData cursor");
        }

        var batch = Take(cursor.Rest, command.GetValue("batchSize", 0).ToInt32() is > 0 and var size ? size : int.MaxValue);
        if (cursor.Rest.Count == 0)
        {
            store.Cursors.Remove(cursor.Id);
        }

        return Reply(cursor.Rest.Count == 0 ? 0 : cursor.Id, (cursor.Database, cursor.Collection), "nextBatch", batch);
    }

    public static BsonDocument Reply(long id, (string Database, string Collection) name, string batchName, BsonArray batch) =>
        new("cursor", new BsonDocument { { "id", id }, { "ns", $"{name.Database}.{name.Collection}" }, { batchName, batch } });

    private static BsonArray Take(Queue<BsonDocument> rest, int count)
    {
        var batch = new BsonArray();
        while (batch.Count < count && rest.TryDequeue(out var document))
        {
            batch.Add(document);
        }

        return batch;
    }
}
