using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>Permits for an <see cref="IPermitPool"/>.</summary>
/// <param name="Count">How many. 0 or more.</param>
/// <param name="Behind">How many the durable count still has behind them. 0 or more.</param>
/// <param name="EndsAfter">When they end, spent or not: with the time in which they were counted. Longer than zero.</param>
/// <param name="ResetsAfter">When the key has all its permits again if it takes no more.</param>
[Experimental("RR0001")]
public readonly record struct PermitBatch(int Count, int Behind, TimeSpan EndsAfter, TimeSpan ResetsAfter);
