using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>One limit as the script of a combined limit is told of it.</summary>
/// <param name="Kind">The number under which <paramref name="Script"/> puts what its kind does.</param>
/// <param name="First">The kind's first parameter.</param>
/// <param name="Second">The kind's second parameter.</param>
/// <param name="Third">The kind's third parameter.</param>
/// <param name="Script">What the kind does: to read what was kept, to take, and to wait.</param>
internal readonly record struct CombinedPart(long Kind, long First, long Second, long Third, RedisScript Script);
