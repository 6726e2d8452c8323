using RedisResilience.Diagnostics;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// Follows the changes of one collection from the saved token on. For each change it raises the mark, then invalidates the entries, and
/// only then saves the token.
/// </summary>
internal sealed class ChangeFollower(
    ChangeSource source,
    IResponseCache cache,
    Removals removals,
    AppliedTime applied,
    ResumePoint resume,
    StartingPoint start,
    WatcherPresence presence,
    IRedisStatus redis,
    WatcherLog log,
    string keyPrefix)
{
    private const int MostAttempts = 3;

    // Whether entries were removed whose time Redis did not take: their changes are followed once more.
    private bool _isOwed;
    private BsonDocument? _saved;

    /// <summary>Returns when the stream has ended and a new one must be opened.</summary>
    /// <exception cref="MongoException">MongoDB is away, keeps no changes, or has forgotten them.</exception>
    /// <exception cref="TimeoutException">MongoDB hangs.</exception>
    /// <exception cref="RedisAwayException">
    /// Redis did not accept an invalidation or a token. The stream must be read again from the last saved token.
    /// </exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        (_isOwed, _saved) = (false, null);
        var (options, anew) = await source.WithinPatienceAsync(start.FindAsync, cancellationToken).ConfigureAwait(false);
        using var stream = await source.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        if (anew is not null)
        {
            // Only now: what is stored from here on is followed.
            await RemoveAllAsync(anew, cancellationToken).ConfigureAwait(false);
        }

        start.Reached();
        log.Follows();
        var isOver = false;
        while (!isOver)
        {
            await AnnounceAsync(cancellationToken).ConfigureAwait(false);
            if (!await source.WithinPatienceAsync(stream.MoveNextAsync, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            isOver = await ApplyAsync(stream.Current, cancellationToken).ConfigureAwait(false);
            await SaveAsync(stream.GetResumeToken(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        var isTaken = await presence.AnnounceAsync(cancellationToken).ConfigureAwait(false);
        RedisAwayException.ThrowUnless(isTaken ? !_isOwed : redis.Current.Availability == RedisAvailability.Available);
    }

    /// <returns>Whether the stream is over.</returns>
    private async Task<bool> ApplyAsync(IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        var isOver = false;
        var left = changes.ToArray().AsMemory();
        while (!left.IsEmpty)
        {
            var some = left[..Math.Min(left.Length, removals.AtOnce)].ToArray();
            left = left[some.Length..];
            await ApplyAsync(some, cancellationToken).ConfigureAwait(false);
            await SaveAsync(some[^1].Token, cancellationToken).ConfigureAwait(false);
            await AnnounceAsync(cancellationToken).ConfigureAwait(false);
            isOver |= some.Any(change => change.Kind == ChangeKind.End);
        }

        return isOver;
    }

    private async Task ApplyAsync(Change[] changes, CancellationToken cancellationToken)
    {
        var isTold = await TellAsync(changes.Max(change => change.Time), cancellationToken).ConfigureAwait(false);
        var keys = changes.SelectMany(change => change.Entries).Distinct(StringComparer.Ordinal);
        var tags = changes.Select(change => change.Tag).OfType<string>().Distinct(StringComparer.Ordinal);
        RedisAwayException.ThrowUnless(await removals.ApplyAsync(keys, tags, cancellationToken).ConfigureAwait(false));
        if (changes.FirstOrDefault(change => change.Kind == ChangeKind.Collection) is { } gone)
        {
            log.CollectionIsGone();
            await RemoveAllAsync(gone.Time, cancellationToken).ConfigureAwait(false);
        }

        if (!isTold)
        {
            log.RedisTakesNothing();
            _isOwed = true;
        }
    }

    // One answer that is late is no refusal.
    private async Task<bool> TellAsync(BsonTimestamp? changedAt, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await applied.RaiseAsync(changedAt, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task SaveAsync(BsonDocument? token, CancellationToken cancellationToken)
    {
        if (token is { ElementCount: > 0 } && token != _saved && !_isOwed)
        {
            _saved = await resume.SaveAsync(token, cancellationToken).ConfigureAwait(false) ? token : _saved;
        }
    }

    private async Task RemoveAllAsync(BsonTimestamp? since, CancellationToken cancellationToken)
    {
        RedisAwayException.ThrowUnless(await TellAsync(since, cancellationToken).ConfigureAwait(false));
        RedisAwayException.ThrowUnless(await cache.RemoveNamespaceAsync(keyPrefix, cancellationToken).ConfigureAwait(false));
    }
}
