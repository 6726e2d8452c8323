namespace RedisResilience.Caching;

/// <summary>Keeps response bodies in Redis for a while. What was stored is what is served: the bytes are neither parsed nor changed.</summary>
/// <remarks>
/// Redis is never a condition for an answer: when it cannot be asked within the command deadline, a read is a miss, a write is not stored,
/// and <see cref="GetOrCreateAsync"/> asks the source. Keys follow <see cref="RedisKeyLimits"/>, and stand in Redis as they are, behind the
/// optional prefix of <see cref="RedisResilienceOptions.KeyPrefix"/>.
/// </remarks>
public interface IResponseCache
{
    /// <summary>Reads a body (<c>GET</c>).</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The body, to be disposed after use; or a miss, when there is none and when Redis cannot answer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads a body and how long it has left to live (<c>GET</c> and <c>PTTL</c>, in one round trip).</summary>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Stores a body (<c>SET</c> with <c>PX</c>), over whatever the key held.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="body">The bytes; they must not change until the call has completed.</param>
    /// <param name="timeToLive">How long the entry lives: 1 ms to 365 days.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be stored all the same.</param>
    /// <returns>
    /// Whether Redis has acknowledged the entry. False when it is larger than <see cref="RedisResilienceOptions.MaximumEntrySize"/>, when Redis
    /// refuses it (out of memory, read-only), and when Redis cannot answer.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> body, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Removes an entry (<c>DEL</c>): the invalidation after a write to the source.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be removed all the same.</param>
    /// <returns>Whether it is certain that the entry is gone. False when Redis cannot answer: the entry may then live on until its time is over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads a body, or asks the source for it and stores what it gives.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="timeToLive">How long a new entry lives: 1 ms to 365 days.</param>
    /// <param name="state">Handed to <paramref name="source"/>, so that it can be static and allocate nothing.</param>
    /// <param name="source">
    /// Asked on a miss. Null says that there is no such thing: nothing is stored. (A null <c>byte[]</c> is not that null: the compiler turns it
    /// into an empty body.) The bytes must not change afterwards: they may still be on their way to Redis. What it throws passes through.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, and is handed to <paramref name="source"/>.</param>
    /// <returns>The body, to be disposed after use; without a body when the source has none. Not waited for: Redis' word that a new entry is stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        TimeSpan timeToLive,
        TState state,
        Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source,
        CancellationToken cancellationToken = default);
}
