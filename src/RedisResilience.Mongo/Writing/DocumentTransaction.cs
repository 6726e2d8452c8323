namespace RedisResilience.Mongo.Writing;

/// <summary>Writes in a session, and remembers which entries to remove when the transaction has ended.</summary>
internal sealed class DocumentTransaction(
    IClientSessionHandle session, DocumentWrites writes, DocumentKeys keys, string keyField) : IMongoDocumentTransaction
{
    public IClientSessionHandle Session => session;

    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    public Task<bool> ReplaceAsync(
        string id, ReadOnlyMemory<byte> json, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        Remember(id);
        return writes.ReplaceAsync(session, id, DocumentReader.Read(json, keyField, id), expectedVersion, cancellationToken).AsTask();
    }

    public Task<bool> UpdateAsync(
        string id, UpdateDefinition<BsonDocument> update, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        Remember(id);
        return writes.UpdateAsync(session, id, update, expectedVersion, cancellationToken).AsTask();
    }

    public Task<bool> DeleteAsync(string id, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        Remember(id);
        return writes.DeleteAsync(session, id, expectedVersion, cancellationToken).AsTask();
    }

    private void Remember(string id)
    {
        // Refuses what cannot be an id.
        _ = keys.KeyOf(id);
        Ids.Add(id);
    }
}
