namespace RedisResilience.RateLimiting;

// The two ways to give back differ in a required parameter, so that a default can never decide between them.
#pragma warning disable RS0026

/// <summary>Decides whether a caller may go on, counting in Redis so that every process of a deployment shares one count.</summary>
/// <remarks>
/// A call always gets a decision. When Redis does not answer within the command deadline, the limit's
/// <see cref="RateLimit.FailurePolicy"/> decides, and <see cref="RateLimitDecision.Source"/> says so.
/// </remarks>
public interface IRateLimiter
{
    /// <summary>Takes permits of a limit, or none of them.</summary>
    /// <param name="key">
    /// Who is limited: an address, a user, a tenant. At most <see cref="RedisKeyLimits.MaximumLength"/> characters, no control
    /// characters, well-formed UTF-16. Kept in Redis as <c>ratelimit:{key}</c>, or <c>ratelimit:{name}:{key}</c> for a limit with a name.
    /// </param>
    /// <param name="limit">The limit that the key must keep. It may differ from call to call: the new limit holds at once.</param>
    /// <param name="permits">
    /// How many permits the call costs. 0 asks without taking. A call that costs more than the limit can ever give is denied at once,
    /// with <see cref="RateLimitDecision.IsImpossible"/>. Default: 1.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait. A request that was sent cannot be called back. If it takes permits, they go back when its reply comes. Those of a
    /// <see cref="TokenBucket"/> with <see cref="RateLimit.WithPrefetch"/>, alone or in <see cref="RateLimit.All"/>, stay with the
    /// process, whose next calls spend them.
    /// </param>
    /// <returns>The decision. A denied call has taken nothing. The call completes synchronously when it does not wait for Redis.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<RateLimitDecision> AcquireAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default);

    /// <summary>
    /// Decides without Redis, if this process is certain of the answer: a prefetched permit is taken, or a key is known to be denied until
    /// a time that has not come.
    /// </summary>
    /// <remarks>For callers that cannot wait. The method sends nothing and waits for nothing.</remarks>
    /// <param name="key">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="limit">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="permits">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="decision">The decision, allowed or denied. When the method returns false, it has no meaning, and nothing was
    /// taken.</param>
    /// <returns>Whether this process could decide. False: <see cref="AcquireAsync"/> has to be asked.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    bool TryAcquireLocally(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        decision = default;
        return false;
    }

    /// <summary>Takes as many permits as there are, up to a number: <see cref="RateLimitDecision.Granted"/> says how many.</summary>
    /// <param name="key">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="limit">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="permits">How many permits at most. 0 asks without taking.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same.</param>
    /// <returns>The decision: denied, with the time until there is one permit, when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<RateLimitDecision> AcquireUpToAsync(string key, RateLimit limit, int permits, CancellationToken cancellationToken = default);

    /// <summary>Takes permits. If they are free only later, waits for them, up to a bound.</summary>
    /// <remarks>
    /// A <see cref="TokenBucket"/> is booked ahead in the same round trip: callers of all processes pass in the order in which they came,
    /// each waits once, and nobody polls. A cancelled wait gives its permits back. For all other limits the callers of one process form a
    /// queue. The first of them asks, waits for the time that the answer gives, and asks again. It competes with the first callers of other
    /// processes. A wait for <see cref="Concurrency"/> asks at growing intervals of up to 100 ms, because nobody knows when a lease ends.
    /// </remarks>
    /// <param name="key">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="limit">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="permits">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="maximumWait">
    /// How long to wait at most, from zero to one day. A call that would have to wait longer is denied at once.
    /// </param>
    /// <param name="cancellationToken">Ends the wait and gives the permits back, as far as <see cref="AcquireAsync"/> does.</param>
    /// <returns>The decision, when its time has come. A denied call has taken nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="permits"/> is negative, or <paramref name="maximumWait"/> is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives back permits that were taken and not used. This overload does not know when they were taken. They go back to the window that
    /// counts now, which may be another one. If you have the decision, use
    /// <see cref="RefundAsync(string, RateLimit, RateLimitDecision, int?, CancellationToken)"/>.
    /// </summary>
    /// <param name="key">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="limit">
    /// As for <see cref="AcquireAsync"/>; not <see cref="Concurrency"/>, whose permits go back with their lease.
    /// </param>
    /// <param name="permits">How many permits. It never gives back more than are taken.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be given back all the same.</param>
    /// <returns>Whether it was done. False: Redis could not answer, and the permits may stay taken.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="key"/> is empty, too long, or not clean text, or <paramref name="limit"/> is a <see cref="Concurrency"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives back permits of a decision that were not used, for example because a cache has answered the request.
    /// </summary>
    /// <remarks>
    /// The permits go back to the window that they were taken from, while it counts. A bucket gets them back less what has flowed in
    /// since. Later there is nothing to give back, and no other caller loses anything. Give a decision back only once.
    /// </remarks>
    /// <param name="key">The key that the decision was about.</param>
    /// <param name="limit">
    /// The limit that the decision was about; not <see cref="Concurrency"/>, whose permits go back with their lease.
    /// </param>
    /// <param name="decision">A decision of this limiter. A denied call has nothing to give back.</param>
    /// <param name="permits">How many permits, at most those that it has given. Default: null, all of them.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be given back all the same.</param>
    /// <returns>
    /// Whether the permits went back, or there was nothing to give back. False when Redis could not answer, or had not given the permits.
    /// They may then stay taken.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="key"/> is empty, too long, or not clean text, or <paramref name="limit"/> is a <see cref="Concurrency"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int? permits = null, CancellationToken cancellationToken = default) =>
        RefundAsync(key, limit, decision.IsAllowed ? permits ?? decision.Granted : 0, cancellationToken);

    /// <summary>Deletes the count of a key for a limit. It is one key in Redis.</summary>
    /// <param name="key">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="limit">As for <see cref="AcquireAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait. The key may be deleted all the same.</param>
    /// <returns>Whether it was done. False: Redis could not answer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default);
}
