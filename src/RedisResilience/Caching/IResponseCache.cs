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
    /// <remarks>Of an entry that is the same as at the last read, the time left is asked once a second and counted down meanwhile: if
    /// another process gives it another end, that shows within a second.</remarks>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads as <see cref="GetWithTimeToLiveAsync"/> does, for whoever may hold the body already, such as a client with
    /// <c>If-None-Match</c>. When this process has read the entry lately, it carries one of the tags, and its body is of 4 KB or more, only
    /// its header is read; if the entry is still the same, that is all.
    /// </summary>
    /// <remarks>
    /// Never slower where nothing is held: an entry that was another when it was last read here is read as a whole at once. Only one that
    /// has changed since then costs a second round trip. Plain entries and caches other than Redis always give the whole response.
    /// </remarks>
    /// <param name="key">The entry's key.</param>
    /// <param name="entityTags">
    /// The tags of what is held, in the form of <c>If-None-Match</c>. A tag is that of an entry (<see cref="CachedResponse.ETag"/>, else
    /// <see cref="CachedResponse.BodyETag"/>) also as a weak one, and with a suffix that follows a hyphen before its closing quote.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The response, to be disposed after use; perhaps one without its body, which <see cref="CachedResponse.IsUnchanged"/> tells;
    /// or a miss.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="entityTags"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<CachedResponse> GetIfNoneMatchAsync(string key, string entityTags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entityTags);
        return GetWithTimeToLiveAsync(key, cancellationToken);
    }

    /// <summary>
    /// Reads a response even if it is no longer fresh, for as long as the cache still has it
    /// (<see cref="CacheEntryOptions.StaleIfError"/>): for whoever asks the source whether it has changed. Nobody is made to refresh it. A
    /// cache that keeps none gives only fresh ones.
    /// </summary>
    /// <returns>The response, to be disposed after use, with its age; or a miss, when there is none, and when Redis cannot
    /// answer.</returns>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken = default) =>
        GetWithTimeToLiveAsync(key, cancellationToken);

    /// <summary>Reads many bodies in one round trip to each server that has some of them.</summary>
    /// <param name="keys">The entries' keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A response for each key, in their order, each to be disposed after use.</returns>
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
    /// What to store. Its bytes must not change, and their memory must not go back to a pool, until the call has completed with true. When
    /// it completes with false or is cancelled, they may still wait to be sent, for as long as the connection lives: memory that must be
    /// given back then is copied before.
    /// </param>
    /// <param name="options">How to keep it.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be stored all the same.</param>
    /// <returns>
    /// Whether Redis has acknowledged the entry. False when it is larger than <see cref="RedisResilienceOptions.MaximumEntrySize"/>, when
    /// Redis refuses it (out of memory, read-only), and when Redis cannot answer. An entry that is too large, or for which Redis is out of
    /// memory, does not leave an older one behind: that is removed.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> SetAsync(string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default);

    /// <summary>Lets an entry live on from now (<c>PEXPIRE</c>): sliding expiration.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="timeToLive">How long it lives from now on: 1 ms to 365 days.</param>
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
    /// Whether it is certain that the entry is gone. False when Redis cannot answer: this process then remembers it, has the entry removed
    /// as soon as Redis answers again, and does not read it before; other processes may be given it until then.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Removes all the entries with a tag, by giving the tag another version. Other processes follow within
    /// <see cref="RedisResilienceOptions.MaximumVersionAge"/>.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether Redis has acknowledged it. False when Redis cannot answer: this process then remembers it, as for
    /// <see cref="RemoveAsync"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tag"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes all the entries of a namespace, by a mark beside its version: what was under <c>predictions:v1:</c> is from now on looked
    /// for under another key, which no application can name (<c>predictions:v1@67a…:</c>), and ends by itself. Other processes follow
    /// within <see cref="RedisResilienceOptions.MaximumVersionAge"/>.
    /// </summary>
    /// <param name="name">A name that ends with its version, as it stands in the keys: <c>predictions:v1</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether Redis has acknowledged it. False when Redis cannot answer: this process then remembers it, as for
    /// <see cref="RemoveAsync"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no good as a key, or does not end with <c>:v</c> and a
    /// number.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes everything that the cache holds, without looking for it: from now on entries are looked for under other keys, and what was
    /// before ends by itself. Other processes follow within <see cref="RedisResilienceOptions.MaximumVersionAge"/>. Rate limits stay.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Whether Redis has acknowledged it. False when Redis cannot answer: this process then remembers it, as for <see cref="RemoveAsync"/>.
    /// A cache that cannot do it says false, too.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> ClearAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(false);

    /// <summary>Reads a response. If there is none, asks the source and stores what it gives. When many callers want the same key at the
    /// same time, one caller in the whole cluster asks the source, and the others wait for it.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="options">How the entry is kept and filled.</param>
    /// <param name="state">Handed to <paramref name="source"/>, so that it can be static and allocate nothing.</param>
    /// <param name="source">
    /// Reads the source. It runs after a miss, for all callers who wait, or in the background after a call that found a stale entry. Its
    /// token is cancelled when nobody waits any more. When it throws, a stale entry is served; if there is none, all who wait get the
    /// exception.
    /// </param>
    /// <param name="cancellationToken">Ends this caller's wait, and nobody else's.</param>
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
