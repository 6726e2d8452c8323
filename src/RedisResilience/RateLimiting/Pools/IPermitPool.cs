using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>
/// Permits that were prefetched from a durable count, such as a quota in a database. Redis holds them, and every process of the deployment
/// spends them there.
/// </summary>
/// <remarks>
/// Permits that Redis loses are lost, because the durable count has already counted them. Each permit is given at most once, except when a
/// failover of Redis forgets acknowledged writes.
/// </remarks>
[Experimental("RR0001")]
public interface IPermitPool
{
    /// <summary>
    /// Takes permits from the pool. When there are too few, it takes all of them out, so that they can go back to the durable count.
    /// </summary>
    /// <param name="key">Whose they are: <see cref="RedisKeyLimits"/> holds. Kept in Redis as <c>redisresilience:quota:{key}</c>.</param>
    /// <param name="terms">
    /// A number that stands for the limit under which the permits were taken. Permits with another number are taken out.
    /// </param>
    /// <param name="permits">How many: all or none. 0 asks without taking.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default);

    /// <summary>Takes all permits out.</summary>
    /// <param name="key">As for <see cref="TakeAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken out all the same.</param>
    /// <returns>How many permits were taken out. Null when Redis could not answer.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds permits to the pool. A batch without permits, whose durable count has none left either, closes the key until the batch ends.
    /// </summary>
    /// <param name="key">As for <see cref="TakeAsync"/>.</param>
    /// <param name="terms">As for <see cref="TakeAsync"/>.</param>
    /// <param name="permits">The permits.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be added all the same.</param>
    /// <returns>Whether it is certain that the pool has them.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default);
}
