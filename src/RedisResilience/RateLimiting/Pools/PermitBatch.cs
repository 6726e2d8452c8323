using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>Permits for an <see cref="IPermitPool"/>.</summary>
/// <param name="Count">How many. 0 or more.</param>
/// <param name="Behind">How many permits the durable count has left besides these. 0 or more.</param>
/// <param name="EndsAfter">
/// How long the permits are valid: until the end of the window in which they were counted. Longer than zero.
/// </param>
/// <param name="ResetsAfter">How long until the key has all its permits again if it takes no more.</param>
[Experimental("RR0001")]
public readonly record struct PermitBatch(int Count, int Behind, TimeSpan EndsAfter, TimeSpan ResetsAfter);
