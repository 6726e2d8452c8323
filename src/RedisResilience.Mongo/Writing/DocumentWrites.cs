using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Writing;

/// <summary>
/// Writes single documents, with or without a transaction. The session knows about a transaction, and learns the time of the write. The
/// caller removes the cache entries.
/// </summary>
internal sealed class DocumentWrites(IMongoCollection<RawBsonDocument> collection, MongoCalls calls, RedisResilienceMongoOptions options)
{
    private static readonly ReplaceOptions ReplaceOrInsert = new() { IsUpsert = true };
    private static readonly UpdateOptions UpdateOrInsert = new() { IsUpsert = true };

    private readonly DocumentVersions? _versions = options.VersionField is { } field ? new DocumentVersions(field) : null;
    private readonly string _keyField = options.KeyField;

    /// <returns>Whether there was such a document.</returns>
    public ValueTask<bool> ReplaceAsync(
        IClientSessionHandle session, string id, RawBsonDocument document, long? expectedVersion, CancellationToken cancellationToken)
    {
        var filter = Filter(id, expectedVersion);
        return (_versions, expectedVersion) switch
        {
            (null, _) => RunAsync(token => ReplaceOneAsync(session, filter, document, ReplaceOrInsert, token), cancellationToken),
            (_, null) =>
                RunAsync(token => UpdateOneAsync(
                    session, filter, _versions.ReplaceAndRaise(document), UpdateOrInsert, token), cancellationToken),
            (_, 0) => RunAsync(token => InsertAsync(session, _versions.Set(document, 1), token), cancellationToken),
            _ =>
                ExpectAsync(token => ReplaceOneAsync(
                    session, filter, _versions.Set(document, expectedVersion.Value + 1), null, token), cancellationToken),
        };
    }

    /// <returns>Whether there is such a document.</returns>
    public ValueTask<bool> UpdateAsync(
        IClientSessionHandle session,
        string id,
        UpdateDefinition<BsonDocument> update,
        long? expectedVersion,
        CancellationToken cancellationToken)
    {
        var filter = Filter(id, expectedVersion);
        var change = UpdateRendering.Render(update);
        change = _versions is null ? change : Builders<RawBsonDocument>.Update.Combine(change, _versions.Raise());
        return RunOrExpectAsync(expectedVersion, token => UpdateOneAsync(session, filter, change, null, token), cancellationToken);
    }

    /// <returns>Whether there was such a document.</returns>
    public ValueTask<bool> DeleteAsync(IClientSessionHandle session, string id, long? expectedVersion, CancellationToken cancellationToken)
    {
        var filter = Filter(id, expectedVersion);
        return RunOrExpectAsync(
            expectedVersion,
            async token =>
                (await collection.DeleteOneAsync(session, filter, cancellationToken: token).ConfigureAwait(false)).DeletedCount > 0,
            cancellationToken);
    }

    private ValueTask<bool> RunOrExpectAsync(
        long? expectedVersion, Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken) =>
        expectedVersion is null ? RunAsync(write, cancellationToken) : ExpectAsync(write, cancellationToken);

    private ValueTask<bool> RunAsync(Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken) =>
        calls.RunAsync(write, static (write, token) => write(token), cancellationToken);

    private async ValueTask<bool> ExpectAsync(Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken) =>
        await RunAsync(write, cancellationToken).ConfigureAwait(false) ? true : throw new DocumentConflictException();

    private async Task<bool> ReplaceOneAsync(
        IClientSessionHandle session,
        FilterDefinition<RawBsonDocument> filter,
        RawBsonDocument document,
        ReplaceOptions? how,
        CancellationToken cancellationToken) =>
        (await collection.ReplaceOneAsync(session, filter, document, how, cancellationToken).ConfigureAwait(false)).MatchedCount > 0;

    private async Task<bool> UpdateOneAsync(
        IClientSessionHandle session,
        FilterDefinition<RawBsonDocument> filter,
        UpdateDefinition<RawBsonDocument> update,
        UpdateOptions? how,
        CancellationToken cancellationToken) =>
        (await collection.UpdateOneAsync(session, filter, update, how, cancellationToken).ConfigureAwait(false)).MatchedCount > 0;

    private async Task<bool> InsertAsync(IClientSessionHandle session, RawBsonDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertOneAsync(session, document, null, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (MongoWriteException duplicate) when (duplicate.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            throw new DocumentConflictException("There is such a document already, and none was expected.", duplicate);
        }
    }

    private FilterDefinition<RawBsonDocument> Filter(string id, long? expectedVersion)
    {
        var withId = Builders<RawBsonDocument>.Filter.Eq(_keyField, id);
        return expectedVersion is null ? withId
            : _versions is null ? throw new InvalidOperationException($"Documents have no versions: set {nameof(options.VersionField)}.")
            : withId & _versions.Is(expectedVersion.Value);
    }
}
