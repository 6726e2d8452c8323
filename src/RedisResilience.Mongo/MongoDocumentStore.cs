using System.Runtime.CompilerServices;
using RedisResilience.Mongo.Reading;
using RedisResilience.Mongo.Writing;

namespace RedisResilience.Mongo;

/// <summary>Reads through the cache. Writes to MongoDB first, and then invalidates.</summary>
internal sealed class MongoDocumentStore(
    IMongoClient client,
    IMongoCollection<RawBsonDocument> collection,
    DocumentCache cache,
    DocumentSource source,
    DocumentWrites writes,
    AppliedTime applied,
    DocumentKeys keys,
    RedisResilienceMongoOptions options) : IMongoDocumentStore
{
    private static readonly TransactionOptions Majority = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    private readonly string _keyField = options.KeyField;
    private readonly bool _writesThrough = options.WritesThrough;

    public ValueTask<CachedResponse> GetAsync(string id, CancellationToken cancellationToken = default) =>
        cache.GetAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return cache.GetManyAsync(ids, cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string id, CancellationToken cancellationToken = default)
    {
        _ = keys.KeyOf(id);
        var document = await source.FindAsync(id, cancellationToken).ConfigureAwait(false);
        using var body = document?.Body;
        return body is null ? default(ReadOnlyMemory<byte>?) : body.Memory.ToArray();
    }

    public ValueTask<DocumentWrite> ReplaceAsync(
        string id, ReadOnlyMemory<byte> json, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        _ = keys.KeyOf(id);
        var document = DocumentReader.Read(json, _keyField, id);
        return WriteAsync(id, session => writes.ReplaceAsync(session, id, document, expectedVersion, cancellationToken));
    }

    public ValueTask<DocumentWrite> UpdateAsync(
        string id, UpdateDefinition<BsonDocument> update, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        _ = keys.KeyOf(id);
        ArgumentNullException.ThrowIfNull(update);
        return WriteAsync(id, session => writes.UpdateAsync(session, id, update, expectedVersion, cancellationToken));
    }

    public ValueTask<DocumentWrite> DeleteAsync(string id, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        _ = keys.KeyOf(id);
        return WriteAsync(id, session => writes.DeleteAsync(session, id, expectedVersion, cancellationToken));
    }

    public async ValueTask<bool> ExecuteInTransactionAsync(
        Func<IMongoDocumentTransaction, CancellationToken, Task> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var session = await client.StartSessionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var transaction = new DocumentTransaction(session, writes, keys, _keyField);
        var areGone = true;
        try
        {
            await session.WithTransactionAsync(
                async (_, token) =>
                {
                    await work(transaction, token).ConfigureAwait(false);
                    return true;
                },
                Majority,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Not before the end, when others can read what was written; and also when that end is not known.
            foreach (var id in transaction.Ids)
            {
                areGone &= await InvalidateAsync(id, session.OperationTime).ConfigureAwait(false);
            }
        }

        return areGone;
    }

    public async ValueTask<bool> InvalidateAsync(string id, BsonTimestamp? operationTime = null)
    {
        _ = keys.KeyOf(id);

        // Said first: no fill that begins after the removal is older than the write.
        var isTold = await applied.RaiseAsync(operationTime, CancellationToken.None).ConfigureAwait(false);
        return await cache.RemoveAsync(id).ConfigureAwait(false) && isTold;
    }

    public async IAsyncEnumerable<string> ListIdsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isText = Builders<RawBsonDocument>.Filter.Type(_keyField, BsonType.String);
        var keyOnly = new FindOptions<RawBsonDocument> { Projection = KeyOnly() };
        using var cursor = await collection.FindAsync(isText, keyOnly, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var document in cursor.Current)
            {
                using (document)
                {
                    yield return document[_keyField].AsString;
                }
            }
        }
    }

    private async ValueTask<DocumentWrite> WriteAsync(string id, Func<IClientSessionHandle, ValueTask<bool>> write)
    {
        using var session = await client.StartSessionAsync().ConfigureAwait(false);
        var (existed, isGone) = (false, false);
        try
        {
            existed = await write(session).ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure and a cancellation, for the write may have happened; and so the caller's token has no say here.
            isGone = await InvalidateAsync(id, session.OperationTime).ConfigureAwait(false);
        }

        if (_writesThrough && isGone)
        {
            await RefillAsync(id).ConfigureAwait(false);
        }

        return new DocumentWrite(existed, isGone);
    }

    private async ValueTask RefillAsync(string id)
    {
        try
        {
            (await cache.GetAsync(id, CancellationToken.None).ConfigureAwait(false)).Dispose();
        }
        catch (Exception unread) when (
            unread is MongoException or TimeoutException or MongoUnavailableException or SourceOverloadedException)
        {
            // It is written and invalidated: the next reader fills the cache.
        }
    }

    private ProjectionDefinition<RawBsonDocument> KeyOnly()
    {
        var projection = Builders<RawBsonDocument>.Projection.Include(_keyField);
        return _keyField == "_id" ? projection : projection.Exclude("_id");
    }
}
