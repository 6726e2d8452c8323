namespace RedisResilience.Caching;

/// <summary>
/// How far the changes of a replicated source have been applied to the cache: for each source one number that never falls, which all
/// processes see. A replica may answer with a value that is older than a change which the cache was already told of; the mark says how new
/// an answer must be to be stored.
/// </summary>
/// <remarks>
/// Who removes entries because of a change raises the mark to the time of the change, and then removes them. Who fills an entry reads the
/// mark once it has the right to fill, and asks the source for an answer that is not older. Then no fill is older than the newest removal
/// of its key.
/// </remarks>
public interface IHighWaterMarks
{
    /// <summary>Raises a mark. One that is higher already stays as it is.</summary>
    /// <param name="name">The source's: <see cref="RedisKeyLimits"/> holds.</param>
    /// <param name="mark">A time of the source, or whatever else of it only rises. From 1.</param>
    /// <param name="cancellationToken">Ends the wait. The mark may be raised all the same.</param>
    /// <returns>
    /// Whether it is certain that all processes see at least this mark from now on. It is kept for an hour after it was last raised.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mark"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RaiseAsync(string name, long mark, CancellationToken cancellationToken = default);

    /// <summary>Reads a mark, as it is now or later.</summary>
    /// <param name="name">As for <see cref="RaiseAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The mark, 0 when there is none; null when Redis cannot answer.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<long?> ReadAsync(string name, CancellationToken cancellationToken = default);
}
