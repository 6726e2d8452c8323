using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What all members of the replica set share: collections, the oplog, sessions and cursors.</summary>
internal sealed class WireStore
{
    private const int LargestDocument = 16 * 1024 * 1024;
    private const int FirstSecond = 1_700_000_000;

    private readonly List<Change> _oplog = [];
    private long _sequence = 1;
    private long _oldest = 1;
    private TaskCompletionSource _changed = New();

    public Lock Lock { get; } = new();

    public Dictionary<(string Database, string Collection), WireCollection> Collections { get; } = [];

    public Dictionary<(BsonValue Session, long Number), BsonDocument> RetryableReplies { get; } = [];

    public Dictionary<(BsonValue Session, long Number), WireTransaction> Transactions { get; } = [];

    public Dictionary<long, WireCursor> Cursors { get; } = [];

    public long Sequence => Volatile.Read(ref _sequence);

    public Task Changed => Volatile.Read(ref _changed).Task;

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
            !other.Key.Equals(id) && (FieldPath.Get(other.Value, field) ?? BsonNull.Value).Equals(FieldPath.Get(after, field) ?? BsonNull.Value))))
        {
            throw WireException.DuplicateKey();
        }

        if (after is not null && after.ToBson().Length > LargestDocument)
        {
            throw new WireException(10334, "BSONObjectTooLarge", "BSONObj size is invalid");
        }

        if (after is null)
        {
            collection.Documents.Remove(id);
        }
        else
        {
            collection.Documents[id] = after;
        }

        collection.Written[id] = _sequence + 1;
        Log(name, kind, id, collection.KeepsPreImages ? before : null, after, kind == "update" ? Change.Describe(before!, after!) : null);
    }

    public void Log((string Database, string Collection) name, string kind, BsonValue? id = null, BsonDocument? before = null, BsonDocument? after = null, BsonDocument? difference = null)
    {
        _oplog.Add(new Change(++_sequence, name.Database, name.Collection, kind, id, before, after, difference));
        Interlocked.Exchange(ref _changed, New()).TrySetResult();
    }

    /// <summary>The oplog rolls over: what happened until now is forgotten.</summary>
    public void ForgetHistory()
    {
        lock (Lock)
        {
            _oplog.Clear();

            // A token of now is lost too: a real oplog that has rolled over goes on from a later place.
            _oldest = ++_sequence;
        }
    }

    /// <summary>The next change of a collection after a place. Under the lock.</summary>
    public IEnumerable<Change> After(long sequence, string database, string? collection)
    {
        // From the end: a watcher is nearly always there.
        var first = _oplog.Count;
        while (first > 0 && _oplog[first - 1].Sequence > sequence)
        {
            first--;
        }

        return _oplog.Skip(first).Where(change => change.Database == database && (collection is null || change.Collection == collection));
    }

    public void CheckHistory(long sequence)
    {
        if (_oldest > 1 && sequence < _oldest)
        {
            throw WireException.HistoryLost();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
