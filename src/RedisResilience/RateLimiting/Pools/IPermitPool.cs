using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>
/// Permits that were taken from a durable count, such as a quota in a database, ahead of their callers: they stand in Redis, and every
/// process of the deployment spends them there.
/// </summary>
/// <remarks>What Redis loses is lost, and was counted: permits are given at most once, whatever happens to Redis, but for what a failover
/// makes it forget.</remarks>
[Experimental("RR0001")]
public interface IPermitPool
{
    /// <summary>Takes permits that stand here. When there are too few, it takes all of them out, for the durable count to have them
    /// back.</summary>
    /// <param name="key">Whose they are: <see cref="RedisKeyLimits"/> holds. Kept in Redis as <c>redisresilience:quota:{key}</c>.</param>
    /// <param name="terms">A number for the limit that they were taken under. Permits taken under other terms are taken out.</param>
    /// <param name="permits">How many: all or none. 0 asks without taking.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default);

    /// <summary>Takes all permits out.</summary>
    /// <param name="key">As for <see cref="TakeAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken out all the same.</param>
    /// <returns>How many they were; null: Redis could not answer.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Puts permits here. None, and nothing behind them: the key is shut until they end.</summary>
    /// <param name="key">As for <see cref="TakeAsync"/>.</param>
    /// <param name="terms">As for <see cref="TakeAsync"/>.</param>
    /// <param name="permits">The permits.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be put here all the same.</param>
    /// <returns>Whether they are here for certain.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default);
}
