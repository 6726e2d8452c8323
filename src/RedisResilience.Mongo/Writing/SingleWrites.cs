using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.Writing;

/// <summary>One document, with a session or without: the driver has a method for each.</summary>
internal sealed class SingleWrites(IMongoCollection<RawBsonDocument> collection)
{
    /// <returns>Whether there was such a document.</returns>
    public async Task<bool> ReplaceAsync(
        IClientSessionHandle? session, FilterDefinition<RawBsonDocument> filter, RawBsonDocument document, ReplaceOptions? how, CancellationToken cancellationToken)
    {
        var result = session is null
            ? await collection.ReplaceOneAsync(filter, document, how, cancellationToken).ConfigureAwait(false)
            : await collection.ReplaceOneAsync(session, filter, document, how, cancellationToken).ConfigureAwait(false);
        return result.MatchedCount > 0;
    }

    /// <returns>Whether there was such a document.</returns>
    public async Task<bool> UpdateAsync(
        IClientSessionHandle? session, FilterDefinition<RawBsonDocument> filter, UpdateDefinition<RawBsonDocument> update, UpdateOptions? how, CancellationToken cancellationToken)
    {
        var result = session is null
            ? await collection.UpdateOneAsync(filter, update, how, cancellationToken).ConfigureAwait(false)
            : await collection.UpdateOneAsync(session, filter, update, how, cancellationToken).ConfigureAwait(false);
        return result.MatchedCount > 0;
    }

    /// <returns>Whether there was such a document.</returns>
    public async Task<bool> DeleteAsync(IClientSessionHandle? session, FilterDefinition<RawBsonDocument> filter, CancellationToken cancellationToken)
    {
        var result = session is null
            ? await collection.DeleteOneAsync(filter, cancellationToken).ConfigureAwait(false)
            : await collection.DeleteOneAsync(session, filter, null, cancellationToken).ConfigureAwait(false);
        return result.DeletedCount > 0;
    }

    /// <returns>False: there was no such document.</returns>
    /// <exception cref="DocumentConflictException">There was.</exception>
    public async Task<bool> InsertAsync(IClientSessionHandle? session, RawBsonDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await (session is null
                ? collection.InsertOneAsync(document, null, cancellationToken)
                : collection.InsertOneAsync(session, document, null, cancellationToken)).ConfigureAwait(false);
            return false;
        }
        catch (MongoWriteException duplicate) when (duplicate.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            throw new DocumentConflictException("There is such a document already, and none was expected.", duplicate);
        }
    }
}
