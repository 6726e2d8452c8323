using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>
/// The history of the set as its primary has it: collections, the oplog, sessions and cursors. Each member is somewhere in it.
/// </summary>
internal sealed class WireStore(IReadOnlyList<MemberProgress> members)
{
    private const int LargestDocument = 16 * 1024 * 1024;
    private const int FirstSecond = 1_700_000_000;

    private readonly List<Change> _oplog = [];
    private long _sequence = 1;
    private long _oldest = 1;
    private TaskCompletionSource _changed = New();

    public Lock Lock { get; } = new();

    /// <summary>How far the primary is; of the last one, while there is none.</summary>
    public MemberProgress Leader { get; private set; } = members[0];

    public Dictionary<(string Database, string Collection), WireCollection> Collections { get; } = [];

    public Dictionary<(BsonValue Session, long Number), (BsonDocument Reply, long Sequence)> RetryableReplies { get; } = [];

    public Dictionary<(BsonValue Session, long Number), WireTransaction> Transactions { get; } = [];

    public Dictionary<long, WireCursor> Cursors { get; } = [];

    public long Sequence => Volatile.Read(ref _sequence);

    public static BsonTimestamp TimeOf(long sequence) => new(FirstSecond, (int)sequence);

    public static long SequenceOf(BsonTimestamp time) => time.Timestamp < FirstSecond ? 0 : time.Increment;

    public WireCollection CollectionOf((string Database, string Collection) name)
    {
        if (!Collections.TryGetValue(name, out var collection))
        {
            Collections[name] = collection = new WireCollection();
        }

        return collection;
    }

    /// <summary>Puts a document in the place of another, or of none; or deletes it. Under the lock.</summary>
    public void Put((string Database, string Collection) name, BsonValue id, BsonDocument? after, bool isReplace)
    {
        var collection = CollectionOf(name);
        collection.Documents.TryGetValue(id, out var before);
        var kind = before is null ? "insert" : after is null ? "delete" : isReplace ? "replace" : "update";
        if (after is not null && collection.UniqueFields.Any(field => collection.Documents.Any(other =>
            !other.Key.Equals(id)
                && (FieldPath.Get(other.Value, field) ?? BsonNull.Value).Equals(FieldPath.Get(after, field) ?? BsonNull.Value))))
        {
            throw WireException.DuplicateKey();
        }

        if (after is not null && after.ToBson().Length > LargestDocument)
        {
            throw new WireException(10334, "BSONObjectTooLarge", "BSONObj size is invalid");
        }

        collection.Put(id, after, _sequence + 1, members.Min(member => member.Snapshot));
        Log(name, kind, id, collection.KeepsPreImages ? before : null, after, kind == "update" ? Change.Describe(before!, after!) : null);
    }

    public void Log(
        (string Database, string Collection) name,
        string kind,
        BsonValue? id = null,
        BsonDocument? before = null,
        BsonDocument? after = null,
        BsonDocument? difference = null)
    {
        _oplog.Add(new Change(++_sequence, name.Database, name.Collection, kind, id, before, after, difference));
        Tell();
        Wake();
    }

    /// <summary>The oplog rolls over: what happened until now is forgotten.</summary>
    public void ForgetHistory()
    {
        lock (Lock)
        {
            _oplog.Clear();

            // A token of now is lost too: a real oplog that has rolled over goes on from a later place.
            _oldest = ++_sequence;
            Tell();
        }
    }

    /// <summary>Another member is the primary. What it has not applied is lost, unless it catches up before. Under the lock.</summary>
    public void Elect(MemberProgress leader, bool catchesUp, TimeSpan hold)
    {
        var last = catchesUp ? _sequence : leader.Applied;
        _oplog.RemoveAll(change => change.Sequence > last);
        foreach (var collection in Collections.Values)
        {
            collection.RollBack(last);
        }

        foreach (var lost in RetryableReplies.Where(reply => reply.Value.Sequence > last).ToArray())
        {
            RetryableReplies.Remove(lost.Key);
        }

        foreach (var member in members)
        {
            member.RollBack(last);
        }

        Leader = leader;
        leader.Lead(last, hold);
        Wake();
    }

    /// <summary>The changes of a collection after a place, and up to another. Under the lock.</summary>
    public IEnumerable<Change> Between(long sequence, long last, string database, string? collection)
    {
        // From the end: a watcher is nearly always there.
        var first = _oplog.Count;
        while (first > 0 && _oplog[first - 1].Sequence > sequence)
        {
            first--;
        }

        return _oplog.Skip(first).TakeWhile(change => change.Sequence <= last).Where(
            change => change.Database == database && (collection is null || change.Collection == collection));
    }

    /// <summary>
    /// Looks under the lock until what it looks for is there: at once, after each change, and every millisecond while a member lags.
    /// </summary>
    /// <returns>Whether it is there before the end.</returns>
    public async Task<bool> UntilAsync(Func<bool> isThere, CancellationToken end)
    {
        while (true)
        {
            Task changed;
            bool hasLag;
            lock (Lock)
            {
                // Before the look: who lags no more when it is over may have lagged during it.
                (changed, hasLag) = (_changed.Task, HasLag);
                if (isThere())
                {
                    return true;
                }
            }

            if (end.IsCancellationRequested)
            {
                return false;
            }

            await Task.WhenAny(
                changed, Task.Delay(hasLag ? TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan, TimeProvider.System, end));
        }
    }

    /// <summary>The place before a change, or the first that is remembered when it is that change.</summary>
    public long Before(long sequence) => sequence == _oldest && _oldest > 1 ? sequence : sequence - 1;

    public void CheckHistory(long sequence)
    {
        if (_oldest > 1 && sequence < _oldest)
        {
            throw WireException.HistoryLost();
        }
    }

    // Then there is more to see as time goes by.
    private bool HasLag => members.Any(member => member.Applied < Sequence || member.Snapshot < Sequence);

    // The majority has a change when the one in the middle has applied it.
    private void Tell()
    {
        var lags = members.Select(member =>
            member.IsIsolated ? TimeSpan.FromDays(1) : member == Leader ? TimeSpan.Zero : member.ReplicationLag).Order().ToArray();
        foreach (var member in members)
        {
            var applied = member == Leader ? TimeSpan.Zero : member.ReplicationLag;
            member.Add(_sequence, MemberProgress.After(applied), MemberProgress.After(lags[lags.Length / 2] + member.SnapshotLag));
        }
    }

    private void Wake()
    {
        var changed = _changed;
        _changed = New();
        changed.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
