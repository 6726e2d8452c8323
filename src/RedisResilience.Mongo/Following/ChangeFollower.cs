using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.Following;

/// <summary>Follows the changes of one collection from where it was left: the change, its invalidation, and only then the token.</summary>
internal sealed class ChangeFollower(
    IMongoCollection<RawBsonDocument> collection,
    IResponseCache cache,
    ChangedKeys keys,
    ResumePoint resume,
    StartingPoint start,
    WatcherPresence presence,
    TimeProvider time,
    string keyPrefix,
    ILogger logger)
{
    // How long the server waits for a change, and with that how often a quiet collection's place is saved.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    // The driver itself waits for ever for a server that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Invalidation _invalidation = new(cache);

    /// <summary>Returns when the stream is over and a new one is to be opened.</summary>
    /// <exception cref="MongoException">MongoDB is away, keeps no changes, or has forgotten them.</exception>
    /// <exception cref="TimeoutException">MongoDB hangs.</exception>
    /// <exception cref="RedisAwayException">Redis did not take an invalidation or a token: it is to be read again from the last token that it has.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var stream = await OpenAsync(cancellationToken).ConfigureAwait(false);
        Log.FollowsChanges(logger, collection.CollectionNamespace.FullName);
        BsonDocument? saved = null;
        var isOver = false;
        while (!isOver)
        {
            RedisAwayException.ThrowUnless(await presence.AnnounceAsync(cancellationToken).ConfigureAwait(false));
            if (!await MoveNextAsync(stream, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            isOver = await ApplyAsync(stream.Current, cancellationToken).ConfigureAwait(false);
            var reached = stream.GetResumeToken();
            if (reached is not null && reached != saved)
            {
                RedisAwayException.ThrowUnless(await resume.SaveAsync(reached, cancellationToken).ConfigureAwait(false));
                saved = reached;
            }
        }
    }

    private async Task<IChangeStreamCursor<BsonDocument>> OpenAsync(CancellationToken cancellationToken)
    {
        var (options, isAnew) = await start.FindAsync(cancellationToken).ConfigureAwait(false);
        options.MaxAwaitTime = Wait;
        options.FullDocumentBeforeChange = keys.NeedsPreImages
            ? ChangeStreamFullDocumentBeforeChangeOption.WhenAvailable
            : ChangeStreamFullDocumentBeforeChangeOption.Default;
        var stream = await collection.WatchAsync(Pipeline(), options, cancellationToken).ConfigureAwait(false);
        try
        {
            if (isAnew)
            {
                // Only now: what is stored from here on is followed.
                await RemoveAllAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        start.Reached();
        return stream;
    }

    private async Task<bool> MoveNextAsync(IChangeStreamCursor<BsonDocument> stream, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Wait + Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await stream.MoveNextAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException hanging) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"MongoDB did not answer within {Wait + Patience}.", hanging);
        }
    }

    private async Task<bool> ApplyAsync(IEnumerable<BsonDocument> changes, CancellationToken cancellationToken)
    {
        var (entries, tags) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var (isGone, isOver) = (false, false);
        foreach (var change in changes)
        {
            var kind = ChangedKeys.KindOf(change);
            isGone |= kind == ChangeKind.Collection;
            isOver |= kind == ChangeKind.End;
            if (kind == ChangeKind.Document)
            {
                keys.Collect(change, entries, tags);
            }
        }

        RedisAwayException.ThrowUnless(await _invalidation.ApplyAsync(entries, tags, cancellationToken).ConfigureAwait(false));
        if (isGone)
        {
            Log.CollectionIsGone(logger, collection.CollectionNamespace.FullName);
            await RemoveAllAsync(cancellationToken).ConfigureAwait(false);
        }

        return isOver;
    }

    private async Task RemoveAllAsync(CancellationToken cancellationToken) =>
        RedisAwayException.ThrowUnless(await cache.RemoveNamespaceAsync(keyPrefix, cancellationToken).ConfigureAwait(false));

    private PipelineDefinition<ChangeStreamDocument<RawBsonDocument>, BsonDocument> Pipeline() =>
        new EmptyPipelineDefinition<ChangeStreamDocument<RawBsonDocument>>()
            .AppendStage<ChangeStreamDocument<RawBsonDocument>, ChangeStreamDocument<RawBsonDocument>, BsonDocument>(new BsonDocument("$project", keys.Fields));
}
