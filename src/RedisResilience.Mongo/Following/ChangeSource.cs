using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// Reads the changes of a collection from MongoDB, with a deadline: the driver itself would wait for ever for a server that hangs.
/// </summary>
internal sealed class ChangeSource(
    IMongoCollection<RawBsonDocument> collection, ChangedKeys keys, string keyField, WatcherLog log, TimeProvider time)
{
    // How long the server waits for a change, and with that how often a quiet collection's place is saved.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = Wait + TimeSpan.FromSeconds(10);
    private static readonly Version FirstWithPreImages = new(6, 0);

    private bool? _hasPreImages = keys.NeedsPreImages ? null : false;

    public async Task<IChangeStreamCursor<Change>> OpenAsync(ChangeStreamOptions options, CancellationToken cancellationToken)
    {
        _hasPreImages ??= await WithinPatienceAsync(FindPreImagesAsync, cancellationToken).ConfigureAwait(false);
        options.MaxAwaitTime = Wait;
        options.FullDocumentBeforeChange = _hasPreImages.Value
            ? ChangeStreamFullDocumentBeforeChangeOption.WhenAvailable
            : ChangeStreamFullDocumentBeforeChangeOption.Default;
        var stages = new EmptyPipelineDefinition<ChangeStreamDocument<RawBsonDocument>>()
            .AppendStage<ChangeStreamDocument<RawBsonDocument>, ChangeStreamDocument<RawBsonDocument>, Change>(
                new BsonDocument("$project", keys.Fields), keys);
        return await WithinPatienceAsync(token => collection.WatchAsync(stages, options, token), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="TimeoutException">MongoDB hangs.</exception>
    public async Task<TResult> WithinPatienceAsync<TResult>(
        Func<CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException hanging) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"MongoDB did not answer within {Patience}.", hanging);
        }
    }

    private async Task<bool> FindPreImagesAsync(CancellationToken cancellationToken)
    {
        var version = await MongoVersion.ReadAsync(collection.Database, cancellationToken).ConfigureAwait(false);
        if (version < FirstWithPreImages)
        {
            log.HasNoPreImages(keyField, version);
        }

        return version >= FirstWithPreImages;
    }
}
