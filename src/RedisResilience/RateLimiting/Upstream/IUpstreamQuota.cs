namespace RedisResilience.RateLimiting.Upstream;

/// <summary>
/// Shares what an API says about its own limits, such as "come back in two seconds": what the API tells one process, all processes know.
/// </summary>
/// <remarks>It can only forbid. When Redis cannot answer, each process uses what it already knows.</remarks>
public interface IUpstreamQuota
{
    /// <summary>How long the API stays closed, as far as this process knows. Redis is not asked. Zero when the API may be open.</summary>
    /// <param name="key">The API, or one of its callers. It must follow <see cref="RedisKeyLimits"/>.</param>
    TimeSpan KnownWait(string key);

    /// <summary>Like <see cref="TakeAsync"/>, but without asking Redis: for a call that has just got no answer from Redis.</summary>
    /// <param name="key">As for <see cref="KnownWait"/>.</param>
    /// <param name="permits">As for <see cref="TakeAsync"/>.</param>
    /// <returns>Null when the call is allowed. Otherwise how long to wait.</returns>
    TimeSpan? TakeKnown(string key, int permits);

    /// <summary>Takes permits of the number that the API has said is left. If the API has said nothing, the call is allowed.</summary>
    /// <param name="key">As for <see cref="KnownWait"/>. Kept in Redis as <c>redisresilience:upstream:{key}</c>.</param>
    /// <param name="permits">How many: all or none. 0 asks without taking.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same.</param>
    /// <returns>Null when the call is allowed. Otherwise how long to wait.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<TimeSpan?> TakeAsync(string key, int permits = 1, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records what the API has said. While the API is closed, only a later end changes that. Of two numbers for the same time, the lower
    /// one counts.
    /// </summary>
    /// <param name="key">As for <see cref="TakeAsync"/>.</param>
    /// <param name="remaining">How many calls the API allows. 0 means that it is closed.</param>
    /// <param name="lastsFor">How long that is valid. A time of more than a day counts as a day.</param>
    /// <param name="cancellationToken">Ends the wait. The statement is recorded all the same.</param>
    /// <returns>Whether the other processes know it. False when Redis could not answer, so only this process knows it.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="remaining"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> AnnounceAsync(string key, int remaining, TimeSpan lastsFor, CancellationToken cancellationToken = default);
}
