using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Quotas;

/// <summary>The documents that hold the counts of quotas, one for each key.</summary>
internal sealed class QuotaCounts(IMongoCollection<BsonDocument> collection, MongoCalls calls)
{
    private const int DuplicateKey = 11000;

    // Whatever the collection's own settings say: what the majority has not acknowledged may be forgotten.
    private readonly IMongoCollection<BsonDocument> _collection = collection.WithWriteConcern(WriteConcern.WMajority);
    private readonly FindOneAndUpdateOptions<BsonDocument> _upsert = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    public async ValueTask<QuotaState> CountAsync(string id, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        var update = QuotaUpdate.Of(terms, request);
        var document = await calls.RunAsync((this, id, update), static (state, token) => state.Item1.UpdateAsync(
            state.id, state.update, token), cancellationToken).ConfigureAwait(false);
        return new QuotaState(document, terms);
    }

    public async ValueTask ForgetAsync(string id, CancellationToken cancellationToken) => await calls.RunAsync(
        (_collection, id),
        static (state, token) => state._collection.UpdateOneAsync(ById(state.id), QuotaUpdate.Reset(), cancellationToken: token),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<Version> ReadVersionAsync(CancellationToken cancellationToken) =>
        await calls.RunAsync(_collection.Database, MongoVersion.ReadAsync, cancellationToken).ConfigureAwait(false);

    private async Task<BsonDocument> UpdateAsync(string id, UpdateDefinition<BsonDocument> update, CancellationToken cancellationToken)
    {
        try
        {
            return await _collection.FindOneAndUpdateAsync(ById(id), update, _upsert, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException first) when (first.Code == DuplicateKey)
        {
            // Another's first call made the document at the same moment; nothing was written by this one.
            return await _collection.FindOneAndUpdateAsync(ById(id), update, _upsert, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FilterDefinition<BsonDocument> ById(string id) => Builders<BsonDocument>.Filter.Eq("_id", id);
}
