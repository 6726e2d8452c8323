namespace RedisResilience.Mongo;

/// <summary>The writes of one transaction. Entries are invalidated only after it has ended.</summary>
public interface IMongoDocumentTransaction
{
    /// <summary>The session, for other operations of the transaction.</summary>
    IClientSessionHandle Session { get; }

    /// <summary>Inserts or replaces a document.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="json">As for <see cref="IMongoDocumentStore.ReplaceAsync"/>.</param>
    /// <param name="expectedVersion">As for <see cref="IMongoDocumentStore.ReplaceAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was such a document before.</returns>
    Task<bool> ReplaceAsync(
        string id, ReadOnlyMemory<byte> json, long? expectedVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Changes a document, if there is one.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="update">As for <see cref="IMongoDocumentStore.UpdateAsync"/>.</param>
    /// <param name="expectedVersion">As for <see cref="IMongoDocumentStore.UpdateAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is such a document.</returns>
    Task<bool> UpdateAsync(
        string id, UpdateDefinition<BsonDocument> update, long? expectedVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document, if there is one.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="expectedVersion">As for <see cref="IMongoDocumentStore.DeleteAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was such a document before.</returns>
    Task<bool> DeleteAsync(string id, long? expectedVersion = null, CancellationToken cancellationToken = default);
}
