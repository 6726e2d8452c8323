using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>aggregate with $changeStream, and what follows it.</summary>
internal static class ChangeStreamCommands
{
    private static readonly HashSet<string> KnownOptions =
        ["resumeAfter", "startAfter", "startAtOperationTime", "fullDocument", "fullDocumentBeforeChange", "showExpandedEvents"];

    public static BsonDocument Open(BsonDocument command, WireStore store, WireMember member, string database, WireVersion version)
    {
        var pipeline = command["pipeline"].AsBsonArray.Select(stage => stage.AsBsonDocument).ToArray();
        if (pipeline is not [{ ElementCount: 1 } first, ..] || !first.TryGetValue("$changeStream", out var wanted))
        {
            throw WireException.BadValue("Only change streams are aggregated here.");
        }

        if (!version.IsReplicaSet)
        {
            throw new WireException(40573, "Location40573", "The $changeStream stage is only supported on replica sets");
        }

        var options = wanted.AsBsonDocument;
        if (options.Names.FirstOrDefault(name => !KnownOptions.Contains(name) || version.Lacks(name)) is { } unknown)
        {
            throw new WireException(40415, "Location40415", $"BSON field '$changeStream.{unknown}' is an unknown field.");
        }

        var place = Place(options, store, member.Progress.Snapshot);
        var watched = command["aggregate"] is BsonString collection ? collection.Value : null;
        var images = options.GetValue("fullDocumentBeforeChange", "off").AsString;
        var cursor = new ChangeCursor(database, watched ?? "$cmd.aggregate", member)
        {
            Watched = watched,
            WantsPreImages = images != "off",
            NeedsPreImages = images == "required",
            Stages = pipeline[1..],
            Place = place,
        };
        store.Cursors[cursor.Id] = cursor;
        return Batch(cursor, store, "firstBatch", int.MaxValue);
    }

    public static async Task<BsonDocument> MoreAsync(
        ChangeCursor cursor, BsonDocument command, WireStore store, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMilliseconds(command.GetValue("maxTimeMS", 1000).ToInt64());
        var size = command.GetValue("batchSize", 0).ToInt32() is > 0 and var batchSize ? batchSize : int.MaxValue;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(wait);
        BsonDocument reply = [];
        await store.UntilAsync(
            () => (reply = Batch(cursor, store, "nextBatch", size))["cursor"]["nextBatch"].AsBsonArray.Count > 0, deadline.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return reply;
    }

    private static long Place(BsonDocument options, WireStore store, long now)
    {
        long place;
        if (options.TryGetValue("resumeAfter", out var resume))
        {
            (place, var isInvalidate) = Change.ReadToken(resume.AsBsonDocument);
            if (isInvalidate)
            {
                throw new WireException(
                    260,
                    "InvalidResumeToken",
                    "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.");
            }
        }
        else if (options.TryGetValue("startAfter", out var start))
        {
            (place, _) = Change.ReadToken(start.AsBsonDocument);
        }
        else
        {
            place = options.TryGetValue("startAtOperationTime", out var time)
                ? store.Before(WireStore.SequenceOf(time.AsBsonTimestamp))
                : now;
        }

        store.CheckHistory(place);
        return place;
    }

    private static BsonDocument Batch(ChangeCursor cursor, WireStore store, string name, int size)
    {
        store.CheckHistory(cursor.Place);
        var batch = new BsonArray();
        var snapshot = cursor.Member.Progress.Snapshot;
        var token = Change.Token(Math.Max(snapshot, cursor.Place));
        if (cursor.Invalidating is { } ended)
        {
            cursor.IsOver = true;
            token = Change.Token(ended.Sequence, isInvalidate: true);
            batch.Add(Shape(
                cursor,
                new BsonDocument { { "_id", token }, { "operationType", "invalidate" }, { "clusterTime", WireStore.TimeOf(
                    ended.Sequence) } }));
            store.Cursors.Remove(cursor.Id);
        }
        else
        {
            var isCut = Collect(cursor, store, snapshot, batch, size);
            token = isCut ? batch[^1]["_id"].AsBsonDocument : token;
            cursor.Place = Change.ReadToken(token).Sequence;
        }

        var reply = ReadCommands.Reply(cursor.IsOver ? 0 : cursor.Id, (cursor.Database, cursor.Collection), name, batch);
        reply["cursor"]["postBatchResumeToken"] = token;
        return reply;
    }

    private static bool Collect(ChangeCursor cursor, WireStore store, long snapshot, BsonArray batch, int size)
    {
        foreach (var change in store.Between(cursor.Place, snapshot, cursor.Database, cursor.Watched))
        {
            if (cursor.NeedsPreImages && change.Before is null && change.Kind is ("update" or "replace" or "delete"))
            {
                throw new WireException(
                    280,
                    "ChangeStreamFatalError",
                    "Change stream was configured to require a pre-image for all update, delete and replace events, but the pre-image "
                        + "was not found");
            }

            batch.Add(Shape(cursor, change.ToEvent(cursor.WantsPreImages)));
            if (cursor.Watched is not null && change.Invalidates)
            {
                cursor.Invalidating = change;
                return true;
            }

            if (batch.Count >= size)
            {
                return true;
            }
        }

        return false;
    }

    private static BsonDocument Shape(ChangeCursor cursor, BsonDocument change)
    {
        foreach (var stage in cursor.Stages)
        {
            change = stage.GetElement(0).Name == "$project"
                ? Projector.Apply(change, stage[0].AsBsonDocument)
                : throw new WireException(40324, "Location40324", $"Unrecognized pipeline stage name: '{stage.GetElement(0).Name}'");
        }

        return change.Contains("_id")
            ? change
            : throw new WireException(
                280,
                "ChangeStreamFatalError",
                "Encountered an event whose _id field, which contains the resume token, was modified by the pipeline.");
    }
}
