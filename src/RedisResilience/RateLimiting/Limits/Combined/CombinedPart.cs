namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>One limit as an argument of a combined limit's script.</summary>
/// <param name="Kind">The number of its kind, by which what it has kept is known: even, from 2 to 14.</param>
/// <param name="First">The kind's first parameter.</param>
/// <param name="Second">The kind's second parameter.</param>
/// <param name="Third">The kind's third parameter.</param>
/// <param name="Script">The kind's lines of the script.</param>
internal readonly record struct CombinedPart(long Kind, long First, long Second, long Third, PartScript Script);
