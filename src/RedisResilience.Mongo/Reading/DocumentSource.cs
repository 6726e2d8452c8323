using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Caching;
using RedisResilience.Mongo.Following;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Reading;

/// <summary>What stands behind the cache: documents of MongoDB, by their key.</summary>
internal sealed class DocumentSource
{
    private readonly IMongoCollection<RawBsonDocument> _collection;
    private readonly MongoCalls _calls;
    private readonly WatcherPresence _presence;
    private readonly string _keyField;
    private readonly ReadAs<LoadedDocument> _projection;
    private readonly FindOptions<RawBsonDocument, LoadedDocument> _findOne;
    private readonly TimeSpan _deadline;

    public DocumentSource(
        IMongoCollection<RawBsonDocument> collection, MongoCalls calls, WatcherPresence presence, IdTags? tags, RedisResilienceMongoOptions options)
    {
        (_collection, _calls, _presence, _keyField, _deadline) = (collection, calls, presence, options.KeyField, options.CommandDeadline);
        _projection = new ReadAs<LoadedDocument>(new LoadedDocumentSerializer(options, tags), FieldsOf(options));
        _findOne = new FindOptions<RawBsonDocument, LoadedDocument> { Limit = 1, Projection = _projection, MaxTime = options.CommandDeadline };
    }

    /// <summary>For the cache.</summary>
    public async ValueTask<SourceResponse> LoadAsync(string id, CancellationToken cancellationToken)
    {
        // Before the document is read: a watcher that is there now will tell of what is written from now on.
        var timeToLive = await _presence.TimeToLiveAsync(cancellationToken).ConfigureAwait(false);
        return ToResponse(await FindAsync(id, cancellationToken).ConfigureAwait(false), timeToLive);
    }

    /// <summary>Many for the cache, in one query.</summary>
    public async Task<IReadOnlyDictionary<string, SourceResponse>> LoadManyAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var timeToLive = await _presence.TimeToLiveAsync(cancellationToken).ConfigureAwait(false);
        var found = await _calls.RunAsync((this, ids), static (state, token) => state.Item1.QueryAsync(state.ids, token), cancellationToken).ConfigureAwait(false);
        var responses = new Dictionary<string, SourceResponse>(found.Count, StringComparer.Ordinal);
        foreach (var document in found)
        {
            if (document.Key is null || !responses.TryAdd(document.Key, ToResponse(document, timeToLive)))
            {
                document.Body.Dispose();
            }
        }

        return responses;
    }

    public ValueTask<LoadedDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        _calls.RunAsync((this, id), static (state, token) => state.Item1.QueryAsync(state.id, token), cancellationToken);

    private async Task<LoadedDocument?> QueryAsync(string id, CancellationToken cancellationToken)
    {
        var cursor = await _collection.FindAsync(Builders<RawBsonDocument>.Filter.Eq(_keyField, id), _findOne, cancellationToken).ConfigureAwait(false);

        // Disposes the cursor too.
        return await cursor.FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<List<LoadedDocument>> QueryAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var options = new FindOptions<RawBsonDocument, LoadedDocument> { Projection = _projection, BatchSize = ids.Count + 1, MaxTime = _deadline };
        var cursor = await _collection.FindAsync(Builders<RawBsonDocument>.Filter.In(_keyField, ids), options, cancellationToken).ConfigureAwait(false);
        return await cursor.ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    private static SourceResponse ToResponse(LoadedDocument? document, TimeSpan? timeToLive) => document is null
        ? SourceResponse.Nothing
        : new SourceResponse(document.Body.Memory, document.Body)
        {
            TimeToLive = timeToLive,
            Tags = document.IdTag is { } tag ? [tag] : null,
        };

    private static BsonDocument? FieldsOf(RedisResilienceMongoOptions options) =>
        options.Fields.Count == 0 ? null : new BsonDocument(options.Fields.Append(options.KeyField).Distinct(StringComparer.Ordinal).Select(field => new BsonElement(field, 1)));
}
