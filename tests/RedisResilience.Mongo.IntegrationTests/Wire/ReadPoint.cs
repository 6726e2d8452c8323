using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Where in the history a read looks: by its read concern, and not before <c>afterClusterTime</c>.</summary>
internal sealed class ReadPoint(WireStore store, WireMember member)
{
    private static readonly string[] Levels = ["local", "available", "majority", "linearizable", "snapshot"];

    /// <returns>The change that the read looks at; null: all that the primary has.</returns>
    public async Task<long?> FindAsync(BsonDocument command, CancellationToken cancellationToken)
    {
        var concern = command.GetValue("readConcern", new BsonDocument()).AsBsonDocument;
        var level = concern.GetValue("level", "local").AsString;
        if (!Levels.Contains(level))
        {
            throw WireException.FailedToParse($"'{level}' is not a read concern.");
        }

        if (command.Contains("autocommit"))
        {
            return null;
        }

        if (level == "linearizable")
        {
            await ConfirmAsync(command, cancellationToken);
            return null;
        }

        var isMajority = level is "majority" or "snapshot";
        if (concern.TryGetValue("afterClusterTime", out var after))
        {
            await ReachAsync(WireStore.SequenceOf(after.AsBsonTimestamp), command, isMajority, cancellationToken);
        }

        lock (store.Lock)
        {
            return isMajority ? member.Progress.Snapshot : member.Progress == store.Leader ? null : member.Progress.Applied;
        }
    }

    private async Task ReachAsync(long wanted, BsonDocument command, bool isMajority, CancellationToken cancellationToken)
    {
        lock (store.Lock)
        {
            if (wanted > member.ClusterTime)
            {
                throw new WireException(
                    72, "InvalidOptions", "readConcern afterClusterTime value must not be greater than the current clusterTime.");
            }
        }

        await UntilAsync(() => (isMajority ? member.Progress.Snapshot : member.Progress.Applied) >= wanted, command, cancellationToken);
    }

    // Only the primary of the majority can have its word confirmed by it.
    private Task ConfirmAsync(BsonDocument command, CancellationToken cancellationToken)
    {
        long last;
        lock (store.Lock)
        {
            last = store.Sequence;
        }

        return UntilAsync(() => !member.Progress.IsIsolated && member.Progress.Snapshot >= last, command, cancellationToken);
    }

    /// <summary>Waits for a member, for as long as the command may take.</summary>
    public async Task UntilAsync(Func<bool> isReached, BsonDocument command, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (command.TryGetValue("maxTimeMS", out var most))
        {
            deadline.CancelAfter(TimeSpan.FromMilliseconds(most.ToInt64()));
        }

        if (!await store.UntilAsync(isReached, deadline.Token))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new WireException(50, "MaxTimeMSExpired", "operation exceeded time limit");
        }
    }
}
