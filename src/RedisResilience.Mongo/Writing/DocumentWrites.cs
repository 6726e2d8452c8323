using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Writing;

/// <summary>Writes of single documents, in a transaction or not. What they mean for the cache is their caller's business.</summary>
internal sealed class DocumentWrites(IMongoCollection<RawBsonDocument> collection, MongoCalls calls, RedisResilienceMongoOptions options)
{
    private static readonly ReplaceOptions Upsert = new() { IsUpsert = true };
    private static readonly UpdateOptions UpsertUpdate = new() { IsUpsert = true };

    private readonly SingleWrites _single = new(collection);
    private readonly DocumentVersions? _versions = options.VersionField is { } field ? new DocumentVersions(field) : null;
    private readonly string _keyField = options.KeyField;

    public ValueTask<bool> ReplaceAsync(IClientSessionHandle? session, string id, RawBsonDocument document, long? expectedVersion, CancellationToken cancellationToken)
    {
        var filter = Filter(id, expectedVersion);
        if (_versions is null)
        {
            return RunAsync(token => _single.ReplaceAsync(session, filter, document, Upsert, token), cancellationToken);
        }

        return expectedVersion switch
        {
            null => RunAsync(token => _single.UpdateAsync(session, filter, _versions.ReplaceAndRaise(document), UpsertUpdate, token), cancellationToken),
            0 => RunAsync(token => _single.InsertAsync(session, _versions.Set(document, 1), token), cancellationToken),
            _ => ExpectAsync(token => _single.ReplaceAsync(session, filter, _versions.Set(document, expectedVersion.Value + 1), null, token), cancellationToken),
        };
    }

    public ValueTask<bool> UpdateAsync(
        IClientSessionHandle? session, string id, UpdateDefinition<BsonDocument> update, long? expectedVersion, CancellationToken cancellationToken)
    {
        var filter = Filter(id, expectedVersion);
        var change = UpdateRendering.Render(update);
        change = _versions is null ? change : Builders<RawBsonDocument>.Update.Combine(change, _versions.Raise());
        return expectedVersion is null
            ? RunAsync(token => _single.UpdateAsync(session, filter, change, null, token), cancellationToken)
            : ExpectAsync(token => _single.UpdateAsync(session, filter, change, null, token), cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(IClientSessionHandle? session, string id, long? expectedVersion, CancellationToken cancellationToken)
    {
        var filter = Filter(id, expectedVersion);
        return expectedVersion is null
            ? RunAsync(token => _single.DeleteAsync(session, filter, token), cancellationToken)
            : ExpectAsync(token => _single.DeleteAsync(session, filter, token), cancellationToken);
    }

    private ValueTask<bool> RunAsync(Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken) =>
        calls.RunAsync(write, static (write, token) => write(token), cancellationToken);

    private async ValueTask<bool> ExpectAsync(Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken) =>
        await RunAsync(write, cancellationToken).ConfigureAwait(false) ? true : throw new DocumentConflictException();

    private FilterDefinition<RawBsonDocument> Filter(string id, long? expectedVersion)
    {
        var withId = Builders<RawBsonDocument>.Filter.Eq(_keyField, id);
        return expectedVersion is null ? withId
            : _versions is null ? throw new InvalidOperationException($"Documents have no versions: set {nameof(options.VersionField)}.")
            : withId & _versions.Is(expectedVersion.Value);
    }
}
