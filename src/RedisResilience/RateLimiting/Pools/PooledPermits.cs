using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>What came of a call of <see cref="IPermitPool.TakeAsync"/>.</summary>
/// <param name="State">What came of it.</param>
/// <param name="Remaining">How many permits the key has left, here and behind. Known when taken.</param>
/// <param name="EndsAfter">When the permits here end, or the key is no more shut. Zero when nothing is here.</param>
/// <param name="ResetsAfter">When the key has all its permits again if it takes no more. Zero when nothing is here.</param>
/// <param name="TakenOut">How many permits were here, too few, and are not any more.</param>
[Experimental("RR0001")]
public readonly record struct PooledPermits(
    PoolState State, int Remaining = 0, TimeSpan EndsAfter = default, TimeSpan ResetsAfter = default, int TakenOut = 0);
