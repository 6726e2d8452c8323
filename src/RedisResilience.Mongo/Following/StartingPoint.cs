namespace RedisResilience.Mongo.Following;

/// <summary>
/// Decides where to begin in the stream of changes: after the saved token; without a token, as far back as the oldest possible entry; and
/// if the server no longer has that time, now, and then all entries are given up.
/// </summary>
internal sealed class StartingPoint(IMongoDatabase database, ResumePoint resume, TimeSpan longestLife)
{
    // To read more of the past costs more than to fill the cache again.
    private static readonly TimeSpan FurthestBack = TimeSpan.FromHours(1);

    // A fill shows what the majority's word was when it was read, and that may have been late.
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(1);
    private static readonly BsonDocument Ping = new("ping", 1);

    private bool _isPlaceLost;

    /// <summary>The server does not know the place any more.</summary>
    /// <returns>Whether Redis has acknowledged it.</returns>
    public ValueTask<bool> LoseAsync(CancellationToken cancellationToken)
    {
        _isPlaceLost = true;
        return resume.ForgetAsync(cancellationToken);
    }

    /// <summary>Records that a stream was opened, after all entries were given up if that was necessary.</summary>
    public void Reached() => _isPlaceLost = false;

    /// <returns>
    /// The options with the position, and, if all older entries must be given up once the stream is open, the time of that.
    /// </returns>
    public async Task<(ChangeStreamOptions Options, BsonTimestamp? Anew)> FindAsync(CancellationToken cancellationToken)
    {
        if (!_isPlaceLost && await resume.ReadAsync(cancellationToken).ConfigureAwait(false) is { } saved)
        {
            // Unlike resumeAfter, it also goes on after a collection was dropped or renamed.
            return (new ChangeStreamOptions { StartAfter = saved }, null);
        }

        var reply = await database.RunCommandAsync<BsonDocument>(Ping, cancellationToken: cancellationToken).ConfigureAwait(false);
        var now = reply.GetValue("operationTime", new BsonTimestamp(1, 1)).AsBsonTimestamp;
        var back = longestLife + LongestLag;
        if (_isPlaceLost || back > FurthestBack)
        {
            return (new ChangeStreamOptions { StartAtOperationTime = now }, now);
        }

        var from = Math.Max(1, now.Timestamp - (int)Math.Ceiling(back.TotalSeconds));
        return (new ChangeStreamOptions { StartAtOperationTime = new BsonTimestamp(from, 1) }, null);
    }
}
