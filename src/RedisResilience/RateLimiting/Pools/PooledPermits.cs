using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>The result of a call of <see cref="IPermitPool.TakeAsync"/>.</summary>
/// <param name="State">Whether permits were taken.</param>
/// <param name="Remaining">
/// How many permits the key has left, in the pool and in the durable count. Known only if permits were taken.
/// </param>
/// <param name="EndsAfter">
/// How long until the permits in the pool end, or the key is open again. Zero when the pool has nothing for the key.
/// </param>
/// <param name="ResetsAfter">
/// How long until the key has all its permits again if it takes no more. Zero when the pool has nothing for the key.
/// </param>
/// <param name="TakenOut">How many permits were taken out of the pool because they were too few.</param>
[Experimental("RR0001")]
public readonly record struct PooledPermits(
    PoolState State, int Remaining = 0, TimeSpan EndsAfter = default, TimeSpan ResetsAfter = default, int TakenOut = 0);
