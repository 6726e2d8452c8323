using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>
/// A collection as one command sees it: with the writes of its own transaction, if it has one. Used under the store's lock.
/// </summary>
internal sealed class WireView(
    WireStore store, (string Database, string Collection) name, WireTransaction? transaction, long? snapshot = null)
{
    public IEnumerable<BsonDocument> Find(BsonDocument filter)
    {
        Matcher.Check(filter);

        // By id there is an index.
        var documents = filter.TryGetValue("_id", out var id) && id is not BsonDocument && transaction is null
            ? One(id)
            : All();
        return documents.Where(document => Matcher.Matches(document, filter));
    }

    public void Insert(BsonDocument document)
    {
        var id = document["_id"];
        if (transaction is null ? store.CollectionOf(name).Documents.ContainsKey(id) : All().Any(other => other["_id"].Equals(id)))
        {
            throw WireException.DuplicateKey();
        }

        Put(id, document, isReplace: false);
    }

    public void Put(BsonValue id, BsonDocument? after, bool isReplace)
    {
        if (after is not null && !after["_id"].Equals(id))
        {
            throw new WireException(66, "ImmutableField", "Performing an update on the path '_id' would modify the immutable field '_id'");
        }

        if (transaction is null)
        {
            store.Put(name, id, after, isReplace);
            return;
        }

        var current = store.CollectionOf(name).Documents.GetValueOrDefault(id);
        var before = transaction.Writes.TryGetValue((name, id), out var earlier) ? earlier.Before : current;
        if (!ReferenceEquals(before, current) || store.CollectionOf(name).WrittenAt(id) > transaction.Snapshot)
        {
            throw WireException.WriteConflict();
        }

        transaction.Writes[(name, id)] = (before, after, isReplace);
    }

    private IEnumerable<BsonDocument> One(BsonValue id)
    {
        var collection = store.CollectionOf(name);
        return (snapshot is { } then ? collection.At(id, then) : collection.Documents.GetValueOrDefault(id)) is { } one ? [one] : [];
    }

    private IEnumerable<BsonDocument> All()
    {
        if (snapshot is { } then)
        {
            return [.. store.CollectionOf(name).At(then)];
        }

        var documents = store.CollectionOf(name).Documents;
        if (transaction is null)
        {
            return [.. documents.Values];
        }

        var own = transaction.Writes.Where(write => write.Key.Name == name).ToDictionary(write => write.Key.Id, write => write.Value.After);
        return [.. documents.Where(
            document => !own.ContainsKey(document.Key)).Select(document => document.Value), .. own.Values.OfType<BsonDocument>()];
    }
}
