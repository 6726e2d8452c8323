namespace RedisResilience.Caching;

/// <summary>
/// For each replicated source, one number that says which of its changes have been applied to the cache. The number never falls, and all
/// processes see it. A replica may answer with a value that is older than a change that the cache already knows. The mark says how new an
/// answer must be to be stored.
/// </summary>
/// <remarks>
/// To remove entries because of a change, raise the mark to the time of the change first, and then remove them. To fill an entry, take the
/// right to fill, then read the mark, and then ask the source for an answer that is not older than the mark. In this order, no fill is
/// older than the newest removal of its key.
/// </remarks>
public interface IHighWaterMarks
{
    /// <summary>Raises a mark. A higher mark stays as it is.</summary>
    /// <param name="name">The name of the source. It must follow <see cref="RedisKeyLimits"/>.</param>
    /// <param name="mark">A time of the source, or another number that only rises. From 1.</param>
    /// <param name="cancellationToken">Ends the wait. The mark may be raised all the same.</param>
    /// <returns>
    /// Whether it is certain that all processes see at least this mark from now on. It is kept for an hour after it was last raised.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mark"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RaiseAsync(string name, long mark, CancellationToken cancellationToken = default);

    /// <summary>Reads a mark.</summary>
    /// <param name="name">As for <see cref="RaiseAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The mark. 0 when there is none, and null when Redis cannot answer.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<long?> ReadAsync(string name, CancellationToken cancellationToken = default);
}
