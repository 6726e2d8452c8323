using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>insert, update, delete and findAndModify.</summary>
internal static class WriteCommands
{
    // Type mismatch, a path that is not viable, a changed id, too large, a second one: told of the statement, while others are told of the
    // command.
    private static readonly HashSet<int> OfOneStatement = [14, 28, 66, 10334, 11000];

    public static BsonDocument Insert(BsonDocument command, WireView view) => Each(command["documents"].AsBsonArray, one =>
    {
        var document = one.Contains("_id") ? one : new BsonDocument("_id", ObjectId.GenerateNewId()).Merge(one);
        view.Insert((BsonDocument)document.DeepClone());
        return (1, 0, null);
    });

    public static BsonDocument Update(BsonDocument command, WireView view) => Each(command["updates"].AsBsonArray, one =>
    {
        var filter = one["q"].AsBsonDocument;
        var isMulti = one.GetValue("multi", false).AsBoolean;
        var found = view.Find(filter).Take(isMulti ? int.MaxValue : 1).ToArray();
        foreach (var document in found)
        {
            Write(view, document, one["u"]);
        }

        if (found.Length > 0 || !one.GetValue("upsert", false).AsBoolean)
        {
            return (found.Length, found.Length, null);
        }

        return (1, 0, Upsert(view, filter, one["u"])["_id"]);
    });

    public static BsonDocument Delete(BsonDocument command, WireView view) => Each(command["deletes"].AsBsonArray, one =>
    {
        var found = view.Find(one["q"].AsBsonDocument).Take(one.GetValue("limit", 0).ToInt32() == 1 ? 1 : int.MaxValue).ToArray();
        foreach (var document in found)
        {
            view.Put(document["_id"], null, isReplace: false);
        }

        return (found.Length, 0, null);
    });

    public static BsonDocument FindAndModify(BsonDocument command, WireView view)
    {
        var filter = command["query"].AsBsonDocument;
        var old = view.Find(filter).FirstOrDefault();
        BsonDocument? after = null;
        if (command.GetValue("remove", false).ToBoolean())
        {
            if (old is not null)
            {
                view.Put(old["_id"], null, isReplace: false);
            }
        }
        else if (old is not null)
        {
            after = Write(view, old, command["update"]);
        }
        else if (command.GetValue("upsert", false).ToBoolean())
        {
            after = Upsert(view, filter, command["update"]);
        }

        var result = command.GetValue("new", false).ToBoolean() ? after : old;
        var sent = result is null ? (BsonValue)BsonNull.Value : Projector.Apply(result, command.GetValue("fields", null) as BsonDocument);
        var status =
            new BsonDocument { { "n", old is null && after is null ? 0 : 1 }, { "updatedExisting", old is not null && after is not null } };
        return new BsonDocument { { "lastErrorObject", status }, { "value", sent } };
    }

    private static BsonDocument Write(WireView view, BsonDocument old, BsonValue update)
    {
        var after = Updater.Apply(old, update, isInsert: false);
        if (!after.Equals(old))
        {
            view.Put(old["_id"], after, isReplace: update is BsonDocument document && !document.GetElement(0).Name.StartsWith('$'));
        }

        return after;
    }

    private static BsonDocument Upsert(WireView view, BsonDocument filter, BsonValue update)
    {
        var document = Updater.Apply(Updater.Seed(filter), update, isInsert: true);
        if (!document.Contains("_id"))
        {
            document.InsertAt(0, new BsonElement("_id", ObjectId.GenerateNewId()));
        }

        view.Insert(document);
        return document;
    }

    private static BsonDocument Each(BsonArray statements, Func<BsonDocument, (int Count, int Modified, BsonValue? Upserted)> apply)
    {
        var reply = new BsonDocument();
        var (count, modified) = (0, 0);
        var upserted = new BsonArray();
        foreach (var (statement, index) in statements.Select((statement, index) => (statement.AsBsonDocument, index)))
        {
            try
            {
                var done = apply(statement);
                count += done.Count;
                modified += done.Modified;
                if (done.Upserted is { } id)
                {
                    upserted.Add(new BsonDocument { { "index", index }, { "_id", id } });
                }
            }
            catch (WireException refused) when (OfOneStatement.Contains(refused.Code))
            {
                reply.Add(
                    "writeErrors",
                    new BsonArray { new BsonDocument { { "index", index }, { "code", refused.Code }, { "errmsg", refused.Message } } });
                break;
            }
        }

        reply.Add("n", count);
        reply.Add("nModified", modified);
        return upserted.Count == 0 ? reply : reply.Add("upserted", upserted);
    }
}
