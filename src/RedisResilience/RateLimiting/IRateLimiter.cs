namespace RedisResilience.RateLimiting;

/// <summary>Decides whether a caller may go on, counting in Redis so that every process of a deployment shares one count.</summary>
/// <remarks>
/// Redis is never a condition for an answer: when it cannot be asked within the command deadline, the limit's
/// <see cref="RateLimit.FailurePolicy"/> decides, and the decision says so in <see cref="RateLimitDecision.Decider"/>.
/// </remarks>
public interface IRateLimiter
{
    /// <summary>Takes permits of a limit, or none of them.</summary>
    /// <param name="key">
    /// Who is limited: an address, a user, a tenant. At most <see cref="RedisKeyLimits.MaximumLength"/> characters, no control
    /// characters, well-formed UTF-16. Kept in Redis as <c>ratelimit:{key}</c>, or <c>ratelimit:{name}:{key}</c> for a limit with a name.
    /// </param>
    /// <param name="limit">The limit to hold the key to. It may differ from call to call: the new limit holds at once.</param>
    /// <param name="permits">How many permits the call costs, from 0 to what the limit can ever give. 0 asks without taking. Default: 1.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same: a request that was sent cannot be called back.</param>
    /// <returns>The decision. A denied call has taken nothing. Completes synchronously when Redis need not or cannot be asked.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative, or more than the limit can ever give.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<RateLimitDecision> AcquireAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default);
}
