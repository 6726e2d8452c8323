using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>From a command's name to what it does, with its session's transaction and retries.</summary>
internal sealed class WireCommands(WireStore store, WireVersion version)
{
    public async Task<BsonDocument> ExecuteAsync(string name, BsonDocument command, WireMember member, CancellationToken cancellationToken)
    {
        KnownFields.Check(name, command, version);
        version.Check(command);
        if (name == "getMore")
        {
            return await MoreAsync(command, member, cancellationToken);
        }

        var isWrite = name is "insert" or "update" or "delete" or "findAndModify";
        var at = isWrite ? null : await new ReadPoint(store, member).FindAsync(command, cancellationToken);
        BsonDocument reply;
        long written;
        lock (store.Lock)
        {
            reply = isWrite ? Write(name, command) : Execute(name, command, member, at);
            written = store.Sequence;
        }

        if ((isWrite || name == "commitTransaction") && command.GetValue(
            "writeConcern", new BsonDocument()).AsBsonDocument.GetValue("w", 1) == "majority")
        {
            await AcknowledgeAsync(written, command, member, cancellationToken);
        }

        return reply;
    }

    // The primary tells of a write once its own majority snapshot has it; one that leads no more tells of nothing.
    private async Task AcknowledgeAsync(long written, BsonDocument command, WireMember member, CancellationToken cancellationToken)
    {
        await new ReadPoint(store, member).UntilAsync(
            () => member.Progress.Snapshot >= written || member.Progress != store.Leader, command, cancellationToken);
        lock (store.Lock)
        {
            if (member.Progress != store.Leader)
            {
                throw WireException.SteppedDown();
            }
        }
    }

    private BsonDocument Execute(string name, BsonDocument command, WireMember member, long? at)
    {
        var database = command.GetValue("$db", "admin").AsString;
        var target = (database, command[0] is BsonString collection ? collection.Value : "");
        return name switch
        {
            "ping" or "endSessions" or "killSessions" or "refreshSessions" => [],
            "buildInfo" =>
                new BsonDocument { { "version", $"{version.Major}.{version.Minor}.0" },
                { "versionArray", new BsonArray { version.Major, version.Minor, 0, 0 } } },
            "find" => ReadCommands.Find(command, new WireView(store, target, TransactionOf(command), at), store, member, target),
            "aggregate" => ChangeStreamCommands.Open(command, store, member, database, version),
            "killCursors" => KillCursors(command),
            "create" => AdministrationCommands.Create(command, store, target, version),
            "collMod" => AdministrationCommands.Modify(command, store, target, version),
            "createIndexes" => AdministrationCommands.CreateIndexes(command, store, target),
            "drop" => AdministrationCommands.Drop(store, target),
            "dropDatabase" => AdministrationCommands.DropDatabase(store, database),
            "renameCollection" => AdministrationCommands.Rename(command, store),
            "commitTransaction" => Commit(command),
            "abortTransaction" => Abort(command),
            _ => throw WireException.UnknownCommand(name),
        };
    }

    private BsonDocument Write(string name, BsonDocument command)
    {
        var transaction = TransactionOf(command);

        // A driver that heard nothing sends the same number again.
        var retry = transaction is null && command.TryGetValue("txnNumber", out var number) ? (command["lsid"], number.ToInt64()) : default;
        if (retry.Item1 is not null && store.RetryableReplies.TryGetValue(retry, out var earlier))
        {
            return (BsonDocument)earlier.Reply.DeepClone();
        }

        var view = new WireView(store, (command["$db"].AsString, command[0].AsString), transaction);
        var reply = name switch
        {
            "insert" => WriteCommands.Insert(command, view),
            "update" => WriteCommands.Update(command, view),
            "delete" => WriteCommands.Delete(command, view),
            _ => WriteCommands.FindAndModify(command, view),
        };
        if (retry.Item1 is not null)
        {
            store.RetryableReplies[retry] = ((BsonDocument)reply.DeepClone(), store.Sequence);
        }

        return reply;
    }

    private async Task<BsonDocument> MoreAsync(BsonDocument command, WireMember member, CancellationToken cancellationToken)
    {
        var id = command["getMore"].ToInt64();
        WireCursor? cursor;
        lock (store.Lock)
        {
            cursor = store.Cursors.GetValueOrDefault(id);
            if (cursor?.Member != member)
            {
                throw WireException.NoSuchCursor(id);
            }

            if (cursor is ResultCursor result)
            {
                return ReadCommands.More(result, command, store);
            }
        }

        return await ChangeStreamCommands.MoreAsync((ChangeCursor)cursor, command, store, cancellationToken);
    }

    private BsonDocument KillCursors(BsonDocument command)
    {
        foreach (var id in command["cursors"].AsBsonArray)
        {
            store.Cursors.Remove(id.ToInt64());
        }

        return new BsonDocument { { "cursorsKilled", command["cursors"] }, { "cursorsNotFound", new BsonArray() } };
    }

    private WireTransaction? TransactionOf(BsonDocument command)
    {
        if (!command.Contains("autocommit"))
        {
            return null;
        }

        var key = (command["lsid"], command["txnNumber"].ToInt64());
        if (command.GetValue("startTransaction", false).ToBoolean())
        {
            store.Transactions[key] = new WireTransaction(store.Sequence);
        }

        return store.Transactions.GetValueOrDefault(key) is { IsCommitted: false } open ? open : throw WireException.NoSuchTransaction();
    }

    private BsonDocument Commit(BsonDocument command)
    {
        var key = (command["lsid"], command["txnNumber"].ToInt64());
        var transaction = store.Transactions.GetValueOrDefault(key) ?? throw WireException.NoSuchTransaction();
        if (!transaction.IsCommitted)
        {
            transaction.Commit(store);
        }

        return [];
    }

    private BsonDocument Abort(BsonDocument command)
    {
        if (!store.Transactions.Remove((command["lsid"], command["txnNumber"].ToInt64())))
        {
            throw WireException.NoSuchTransaction();
        }

        return [];
    }
}
