using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>The writes of a transaction, which nobody else sees until it is committed.</summary>
internal sealed class WireTransaction(long snapshot)
{
    public Dictionary<((string, string) Name, BsonValue Id), (BsonDocument? Before, BsonDocument? After, bool IsReplace)> Writes { get; }
        = [];

    /// <summary>What was written after this conflicts.</summary>
    public long Snapshot => snapshot;

    public bool IsCommitted { get; set; }

    public void Commit(WireStore store)
    {
        if (Writes.Any(
            write => !ReferenceEquals(store.CollectionOf(write.Key.Name).Documents.GetValueOrDefault(write.Key.Id), write.Value.Before)))
        {
            throw WireException.WriteConflict();
        }

        foreach (var (key, write) in Writes)
        {
            store.Put(key.Name, key.Id, write.After, write.IsReplace);
        }

        IsCommitted = true;
    }
}
