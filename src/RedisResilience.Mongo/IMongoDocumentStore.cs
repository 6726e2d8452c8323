using MongoDB.Driver;
using RedisResilience.Caching;

namespace RedisResilience.Mongo;

/// <summary>Documents as JSON bytes: MongoDB is the source of truth, and <see cref="IResponseCache"/> stands before it.</summary>
/// <remarks>
/// JSON is relaxed Extended JSON v2 in UTF-8 both ways: <c>{"$date":"2026-01-31T00:00:00Z"}</c> is a date. Reads go to the primary, and writes are
/// acknowledged by the majority, so that a document that is cached after a write is the written one or a later one. Exceptions of MongoDB
/// (<see cref="MongoException"/>, <see cref="TimeoutException"/>) pass through. Ids are strings that follow <see cref="RedisKeyLimits"/> with
/// the key prefix and a colon before them; a bad id never reaches MongoDB.
/// </remarks>
public interface IMongoDocumentStore
{
    /// <summary>Reads a document from the cache, or else from MongoDB, and then caches it.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The document's JSON, to be disposed after use; without a body when there is no such document.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reads a document from MongoDB, whatever the cache holds.</summary>
    /// <returns>The document's JSON; null when there is no such document.</returns>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Writes a document to MongoDB, new or in place of the old one, and then invalidates its cache entry.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="json">The document: a JSON object. The key field is added when it is missing.</param>
    /// <param name="cancellationToken">Ends the wait for MongoDB. The document may be written all the same, so its entry is invalidated then too.</param>
    /// <returns>Whether it is certain that the entry is gone. If not, it may be served until its time is over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="id"/> is empty, too long, or not clean text; or <paramref name="json"/> is not a JSON object, has another id, or cannot be stored.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> ReplaceAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document from MongoDB, if it is there, and then invalidates its cache entry.</summary>
    /// <param name="id">The value of the key field.</param>
    /// <param name="cancellationToken">Ends the wait for MongoDB. The document may be deleted all the same, so its entry is invalidated then too.</param>
    /// <returns>Whether it is certain that the entry is gone. If not, it may be served until its time is over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lists the ids of all documents, in no order, as MongoDB delivers them. Documents whose key is not a string are passed over.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<string> ListIdsAsync(CancellationToken cancellationToken = default);
}
