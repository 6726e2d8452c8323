using RedisResilience.Mongo.Following;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Reading;

/// <summary>The source behind the cache: documents of MongoDB, by their key.</summary>
internal sealed class DocumentSource(
    IMongoCollection<RawBsonDocument> collection,
    CausalReads reads,
    WatcherPresence presence,
    IdTags? tags,
    RedisResilienceMongoOptions options)
{
    private readonly ReadAs<LoadedDocument> _projection = new(new LoadedDocumentSerializer(options, tags), FieldsOf(options));
    private readonly string _keyField = options.KeyField;

    // The server gives up a little earlier, and says so: one that waits for a change is not one that hangs.
    private readonly TimeSpan _maximumTime = options.CommandDeadline * 0.9;

    /// <summary>For the cache.</summary>
    public async ValueTask<SourceResponse> LoadAsync(string id, CancellationToken cancellationToken)
    {
        var (documents, timeToLive) = await LoadAsync(
            Builders<RawBsonDocument>.Filter.Eq(_keyField, id), most: 1, cancellationToken).ConfigureAwait(false);
        return documents.Count == 0 ? Nothing(timeToLive) : ToResponse(documents[0], timeToLive);
    }

    /// <summary>Many for the cache, in one query.</summary>
    public async Task<IReadOnlyDictionary<string, SourceResponse>> LoadManyAsync(
        IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var (documents, timeToLive) = await LoadAsync(
            Builders<RawBsonDocument>.Filter.In(_keyField, ids), most: null, cancellationToken).ConfigureAwait(false);
        var responses = ids.ToDictionary(id => id, _ => Nothing(timeToLive), StringComparer.Ordinal);
        foreach (var document in documents)
        {
            if (document.Key is not null && responses.TryGetValue(document.Key, out var response) && !response.HasBody)
            {
                responses[document.Key] = ToResponse(document, timeToLive);
            }
            else
            {
                document.Body.Dispose();
            }
        }

        return responses;
    }

    /// <summary>Reads a document for a caller who may store it, so it is not older than the newest change.</summary>
    /// <exception cref="MongoUnavailableException">MongoDB does not show the newest change yet.</exception>
    public async ValueTask<LoadedDocument?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var filter = Builders<RawBsonDocument>.Filter.Eq(_keyField, id);
        var (documents, _) = await reads.RunAsync(
            (session, token) => QueryAsync(session, filter, 1, token), mayBeOld: false, cancellationToken).ConfigureAwait(false);
        return documents.FirstOrDefault();
    }

    private async ValueTask<(List<LoadedDocument> Documents, TimeSpan? TimeToLive)> LoadAsync(
        FilterDefinition<RawBsonDocument> filter, int? most, CancellationToken cancellationToken)
    {
        // Before the document is read: a watcher that is there now will tell of what is written from now on.
        var timeToLive = await presence.TimeToLiveAsync(cancellationToken).ConfigureAwait(false);
        var (documents, isCurrent) = await reads.RunAsync(
            (session, token) => QueryAsync(session, filter, most, token), mayBeOld: true, cancellationToken).ConfigureAwait(false);

        // What may be older than a removal is served and not stored.
        return (documents, isCurrent ? timeToLive : TimeSpan.Zero);
    }

    private async Task<List<LoadedDocument>> QueryAsync(
        IClientSessionHandle? session, FilterDefinition<RawBsonDocument> filter, int? most, CancellationToken cancellationToken)
    {
        var options = new FindOptions<RawBsonDocument, LoadedDocument> { Limit = most, Projection = _projection, MaxTime = _maximumTime };
        // Disposed by its end.
        var cursor = session is null
            ? await collection.FindAsync(filter, options, cancellationToken).ConfigureAwait(false)
            : await collection.FindAsync(session, filter, options, cancellationToken).ConfigureAwait(false);
        return await cursor.ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    private static SourceResponse Nothing(TimeSpan? timeToLive) =>
        timeToLive == TimeSpan.Zero ? new SourceResponse { TimeToLive = timeToLive } : SourceResponse.Nothing;

    private static SourceResponse ToResponse(LoadedDocument document, TimeSpan? timeToLive) => new(document.Body.Memory, document.Body)
    {
        TimeToLive = timeToLive,
        Tags = document.IdTag is { } tag ? [tag] : null,
    };

    private static BsonDocument? FieldsOf(RedisResilienceMongoOptions options) => options.Fields.Count == 0
        ? null
        : new BsonDocument(
            options.Fields.Append(options.KeyField).Distinct(StringComparer.Ordinal).Select(field => new BsonElement(field, 1)));
}
