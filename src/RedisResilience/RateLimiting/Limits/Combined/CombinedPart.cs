using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>One limit as the script of a combined limit is told of it.</summary>
/// <param name="First">The kind's first parameter.</param>
/// <param name="Second">The kind's second parameter.</param>
/// <param name="Kind">What tells the kinds apart, or the kind's third parameter where it is greater than zero.</param>
/// <param name="State">The script of the kind's state. Null: it has none of its own.</param>
internal readonly record struct CombinedPart(long First, long Second, long Kind, RedisScript? State = null);
