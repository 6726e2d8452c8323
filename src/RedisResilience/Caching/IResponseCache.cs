namespace RedisResilience.Caching;

/// <summary>Keeps response bodies in Redis for a while. A hit has the bytes that were stored: the cache neither parses nor changes
/// them.</summary>
/// <remarks>
/// A call always completes. When Redis does not answer within the command deadline, a read is a miss, a write is not stored, and
/// <see cref="GetOrCreateAsync"/> asks the source. Keys follow <see cref="RedisKeyLimits"/>. In Redis they have the same name, behind the
/// optional prefix of <see cref="RedisResilienceOptions.KeyPrefix"/>. In a key such as <c>predictions:v1:AAPL</c>, <c>predictions:v1</c> is
/// the namespace, and <see cref="RemoveNamespaceAsync"/> removes all of it at once.
/// </remarks>
public interface IResponseCache
{
    /// <summary>Reads a body (<c>GETRANGE</c> or <c>GET</c>).</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The body; dispose it after use. A miss when there is no entry, when it is no longer fresh, and when Redis cannot
    /// answer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads a body and how long it has left to live (<c>GETRANGE</c> and <c>PTTL</c>, in one round trip).</summary>
    /// <remarks>
    /// The cache asks for the time left of an unchanged entry once a second, and counts it down meanwhile. If another process changes the
    /// time to live, that shows within a second.
    /// </remarks>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads as <see cref="GetWithTimeToLiveAsync"/> does, for a caller who may already have the body, such as a client with
    /// <c>If-None-Match</c>. The cache reads only the header if this process has read the entry lately, the entry has one of the tags, and
    /// its body has 4 KB or more. If the entry is still the same, the body stays in Redis.
    /// </summary>
    /// <remarks>
    /// If no tag matches what this process last read, the cache reads the whole entry at once, so the call is never slower. Only an entry
    /// that has changed since then costs a second round trip. Plain entries, and caches other than Redis, always give the whole response.
    /// </remarks>
    /// <param name="key">The entry's key.</param>
    /// <param name="entityTags">
    /// The tags of the bodies that the caller has, in the form of <c>If-None-Match</c>. A tag matches an entry's tag
    /// (<see cref="CachedResponse.ETag"/>, otherwise <see cref="CachedResponse.BodyETag"/>) even if it is weak, or has a suffix after a
    /// hyphen before its closing quote.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The response, which you dispose after use, or a miss. If <see cref="CachedResponse.IsUnchanged"/> is true, the response has no body.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="entityTags"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetIfNoneMatchAsync(string key, string entityTags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entityTags);
        return GetWithTimeToLiveAsync(key, cancellationToken);
    }

    /// <summary>
    /// Reads a response even if it is no longer fresh, for as long as the cache has it (<see cref="CacheEntryOptions.StaleIfError"/>). Use
    /// it to ask the source whether the response has changed. The call starts no refresh. A cache that stores no stale responses returns
    /// only fresh ones.
    /// </summary>
    /// <returns>The response with its age, which you dispose after use. A miss when there is none, and when Redis cannot answer.</returns>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken = default) =>
        GetWithTimeToLiveAsync(key, cancellationToken);

    /// <summary>Reads many bodies in one round trip to each server that has some of them.</summary>
    /// <param name="keys">The entries' keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A response for each key, in the order of the keys. Dispose each after use.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">A key is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a response in place of what the key held. The last writer wins, in the order in which Redis executes the writes. A load that
    /// began before is not stored any more. If you are not certain that your response is the newest, remove the entry instead, and let the
    /// next reader fill it.
    /// </summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="response">
    /// The response to store. Until the call has completed with true, its bytes must not change, and their memory must not go back to a
    /// pool. When the call completes with false or is cancelled, the bytes may still wait to be sent, for as long as the connection lives.
    /// Copy memory that you must give back then.
    /// </param>
    /// <param name="options">How the entry is kept.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be stored all the same.</param>
    /// <returns>
    /// Whether Redis has acknowledged the entry. False when it is larger than <see cref="RedisResilienceOptions.MaximumEntrySize"/>, when
    /// Redis refuses it (out of memory, read-only), and when Redis cannot answer. If the entry is too large, or Redis is out of memory, the
    /// older entry of the key is removed.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> SetAsync(string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default);

    /// <summary>Gives an entry a new time to live from now on (<c>PEXPIRE</c>), for sliding expiration.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="timeToLive">How long the entry lives from now on: 1 ms to 365 days.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is such an entry and Redis has acknowledged its new end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes an entry, and the right of loads under way to fill it (<c>DEL</c> of both). Call it after a write to the source. A read that
    /// begins after this has returned true never gets what was loaded before.
    /// </summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be removed all the same.</param>
    /// <returns>
    /// Whether it is certain that the entry is gone. False when Redis cannot answer. This process then remembers the removal, repeats it as
    /// soon as Redis answers, and does not read the entry before that. Other processes may get the entry until then.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes all entries with a tag: it gives the tag another version. Other processes follow within
    /// <see cref="RedisResilienceOptions.MaximumVersionAge"/>.
    /// </summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether Redis has acknowledged it. False when Redis cannot answer: this process then remembers it, as for
    /// <see cref="RemoveAsync"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tag"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes all entries of a namespace: it writes a mark, after which the cache looks for entries of <c>predictions:v1:</c> under keys
    /// that no application can name (<c>predictions:v1@67a…:</c>). The old entries expire by themselves. Other processes follow within
    /// <see cref="RedisResilienceOptions.MaximumVersionAge"/>.
    /// </summary>
    /// <param name="name">The namespace with its version, as in the keys: <c>predictions:v1</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether Redis has acknowledged it. False when Redis cannot answer: this process then remembers it, as for
    /// <see cref="RemoveAsync"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no good as a key, or does not end with <c>:v</c> and a
    /// number.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes all entries of the cache without a search: from now on, the cache looks for entries under other keys. The old entries expire
    /// by themselves. Other processes follow within <see cref="RedisResilienceOptions.MaximumVersionAge"/>. Rate limits are not affected.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Whether Redis has acknowledged it. False when Redis cannot answer: this process then remembers it, as for <see cref="RemoveAsync"/>.
    /// A cache that does not support it also returns false.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> ClearAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(false);

    /// <summary>
    /// Reads a response. If there is none, asks the source and stores its answer. When many callers want the same key at the same time, one
    /// caller in the whole cluster asks the source, and the others wait for it.
    /// </summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="options">How the entry is kept and filled.</param>
    /// <param name="state">Handed to <paramref name="source"/>, so that it can be static and allocate nothing.</param>
    /// <param name="source">
    /// Reads the source. It runs after a miss, for all callers who wait, or in the background after a call that found a stale entry. Its
    /// token is cancelled when nobody waits any more. When it throws, callers get a stale entry. If there is none, all waiting callers get
    /// the exception.
    /// </param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    /// <returns>The response; dispose it after use. It has no body when the source has none. The call does not wait until a new entry is
    /// stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/>, <paramref name="options"/> or <paramref name="source"/> is
    /// null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="SourceOverloadedException">Too many loads are under way, and there is no stale entry.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        CacheEntryOptions options,
        TState state,
        Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken = default);
}
