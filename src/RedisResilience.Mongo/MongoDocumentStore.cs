using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Caching;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo;

/// <summary>Reads through the cache, writes to MongoDB first and invalidates then.</summary>
internal sealed class MongoDocumentStore : IMongoDocumentStore
{
    private static readonly BsonDocument HideId = new("_id", 0);
    private static readonly ReplaceOptions Upsert = new() { IsUpsert = true };

    private readonly IMongoCollection<RawBsonDocument> _collection;
    private readonly IResponseCache _cache;
    private readonly DocumentKeys _keys;
    private readonly string _keyField;
    private readonly TimeSpan _timeToLive;
    private readonly FindOptions<RawBsonDocument, JsonBody> _findOne;

    public MongoDocumentStore(IMongoClient client, IResponseCache cache, RedisResilienceMongoOptions options)
    {
        // A secondary that lags would put the old document back into the cache after an invalidation.
        var settings = new MongoCollectionSettings { ReadPreference = ReadPreference.Primary, WriteConcern = WriteConcern.WMajority };
        _collection = client.GetDatabase(options.Database).GetCollection<RawBsonDocument>(options.Collection, settings);
        _cache = cache;
        _keys = new DocumentKeys(options.KeyPrefix);
        _keyField = options.KeyField;
        _timeToLive = options.TimeToLive;
        var serializer = new JsonBodySerializer(new BsonToJson(options.Json, options.HideId));
        _findOne = new FindOptions<RawBsonDocument, JsonBody> { Limit = 1, Projection = new ReadAs<JsonBody>(serializer, options.HideId ? HideId : null) };
    }

    public ValueTask<CachedResponse> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _cache.GetOrCreateAsync(
            _keys.KeyOf(id), _timeToLive, (Store: this, Id: id), static (state, token) => state.Store.FindAsync(state.Id, token), cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string id, CancellationToken cancellationToken = default)
    {
        _ = _keys.KeyOf(id);
        return FindAsync(id, cancellationToken);
    }

    public ValueTask<bool> ReplaceAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken = default)
    {
        var key = _keys.KeyOf(id);
        var document = DocumentReader.Read(json, _keyField, id);
        return ThenInvalidateAsync(_collection.ReplaceOneAsync(WithId(id), document, Upsert, cancellationToken), key);
    }

    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var key = _keys.KeyOf(id);
        return ThenInvalidateAsync(_collection.DeleteOneAsync(WithId(id), cancellationToken), key);
    }

    public async IAsyncEnumerable<string> ListIdsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isText = Builders<RawBsonDocument>.Filter.Type(_keyField, BsonType.String);
        var keyOnly = new FindOptions<RawBsonDocument> { Projection = KeyOnly() };
        using var cursor = await _collection.FindAsync(isText, keyOnly, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var cursor = await _collection.FindAsync(WithId(id), _findOne, cancellationToken).ConfigureAwait(false);

        // Disposes the cursor too.
        using var body = await cursor.FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return body is null ? default(ReadOnlyMemory<byte>?) : body.Memory.ToArray();
    }

    private async ValueTask<bool> ThenInvalidateAsync(Task write, string key)
    {
        var isGone = false;
        try
        {
            await write.ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure and a cancellation, for the write may have happened; and so the caller's token has no say here.
            isGone = await _cache.RemoveAsync(key, CancellationToken.None).ConfigureAwait(false);
        }

        return isGone;
    }

    private FilterDefinition<RawBsonDocument> WithId(string id) => Builders<RawBsonDocument>.Filter.Eq(_keyField, id);

    private ProjectionDefinition<RawBsonDocument> KeyOnly()
    {
        var projection = Builders<RawBsonDocument>.Projection.Include(_keyField);
        return _keyField == "_id" ? projection : projection.Exclude("_id");
    }
}
