namespace RedisResilience.Mongo;

/// <summary>Reads and writes documents of MongoDB as JSON bytes, with <see cref="IResponseCache"/> in front.</summary>
/// <remarks>
/// JSON is relaxed Extended JSON v2 in UTF-8 both ways: <c>{"$date":"2026-01-31T00:00:00Z"}</c> is a date. Reads go to the primary, and the
/// majority acknowledges writes, so a document that is cached after a write is the written one or a later one. Exceptions of MongoDB
/// (<see cref="MongoException"/>) pass through. A call that takes longer than <see cref="RedisResilienceMongoOptions.CommandDeadline"/>
/// ends with a <see cref="TimeoutException"/>. After several such calls, further calls end with a <see cref="MongoUnavailableException"/>
/// and do not reach MongoDB. If there is a stale entry that may be served (<see cref="RedisResilienceMongoOptions.StaleIfError"/>), a read
/// returns it instead. Ids are strings. An id with the key prefix and a colon before it must follow <see cref="RedisKeyLimits"/>; a bad id
/// never reaches MongoDB.
/// </remarks>
public interface IMongoDocumentStore
{
    /// <summary>Reads a document from the cache. On a miss it reads the document from MongoDB and caches it.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The document's JSON, which you dispose after use. It has no body when there is no such document.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reads a document from MongoDB and not from the cache.</summary>
    /// <returns>The document's JSON; null when there is no such document.</returns>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reads many documents: one round trip to Redis, and one query of MongoDB for those that are not cached.</summary>
    /// <param name="ids">The values of the key field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// A response for each id, in the order of the ids. Dispose each after use. A response has no body when there is no such document.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">An id is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Inserts or replaces a document in MongoDB, and then invalidates its cache entry.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="json">The document: a JSON object. The key field is added when it is missing.</param>
    /// <param name="expectedVersion">
    /// Writes only if the document has this version (<see cref="RedisResilienceMongoOptions.VersionField"/>). 0 writes only if there is no
    /// such document. Null writes over any version.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait for MongoDB. The document may be written all the same, so its entry is invalidated then too.
    /// </param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="id"/> is empty, too long, or not clean text; or <paramref name="json"/> is not a JSON object, has another id, or
    /// cannot be stored.
    /// </exception>
    /// <exception cref="DocumentConflictException">The document has another version.</exception>
    /// <exception cref="InvalidOperationException">A version is expected, but documents have no version field.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<DocumentWrite> ReplaceAsync(
        string id, ReadOnlyMemory<byte> json, long? expectedVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Changes a document in MongoDB, if it is there, and then invalidates its cache entry.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="update">What to change, but not the key field: <c>Builders&lt;BsonDocument&gt;.Update.Set("price", 7)</c>.</param>
    /// <param name="expectedVersion">Only this version of <see cref="RedisResilienceMongoOptions.VersionField"/>. Null: any.</param>
    /// <param name="cancellationToken">
    /// Ends the wait for MongoDB. The document may be changed all the same, so its entry is invalidated then too.
    /// </param>
    /// <returns>The result. <see cref="DocumentWrite.Existed"/> is false when there is no such document.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> or <paramref name="update"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="DocumentConflictException">The document has another version, or there is none.</exception>
    /// <exception cref="InvalidOperationException">A version is expected, but documents have no version field.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<DocumentWrite> UpdateAsync(
        string id, UpdateDefinition<BsonDocument> update, long? expectedVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document from MongoDB, if it is there, and then invalidates its cache entry.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="expectedVersion">Only this version of <see cref="RedisResilienceMongoOptions.VersionField"/>. Null: any.</param>
    /// <param name="cancellationToken">
    /// Ends the wait for MongoDB. The document may be deleted all the same, so its entry is invalidated then too.
    /// </param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="DocumentConflictException">The document has another version, or there is none.</exception>
    /// <exception cref="InvalidOperationException">A version is expected, but documents have no version field.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<DocumentWrite> DeleteAsync(string id, long? expectedVersion = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes several documents in one transaction, and invalidates their cache entries when the transaction has ended. It needs a replica
    /// set.
    /// </summary>
    /// <param name="work">Makes the writes. It may be called again after a temporary error (<c>TransientTransactionError</c>).</param>
    /// <param name="cancellationToken">Ends the transaction.</param>
    /// <returns>Whether it is certain that the entries are gone.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> ExecuteInTransactionAsync(
        Func<IMongoDocumentTransaction, CancellationToken, Task> work, CancellationToken cancellationToken = default);

    /// <summary>Invalidates a document's cache entry, after a write that did not go through this store.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="operationTime">
    /// The time of the write (<see cref="IClientSession.OperationTime"/> of its session). No later fill is older than this time, even if
    /// another primary is elected meanwhile. Default: null, not known.
    /// </param>
    /// <returns>Whether it is certain that the entry is gone.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    ValueTask<bool> InvalidateAsync(string id, BsonTimestamp? operationTime = null);

    /// <summary> Lists the ids of all documents in no particular order. It skips documents whose key is not a string. </summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<string> ListIdsAsync(CancellationToken cancellationToken = default);
}
