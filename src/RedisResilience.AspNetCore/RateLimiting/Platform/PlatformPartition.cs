using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>
/// Everything that tells one partition from another: with another limit it is another, so that a changed limit holds at once.
/// </summary>
internal readonly record struct PlatformPartition(string Key, RateLimit Limit, int Cost)
{
    /// <summary>
    /// The one of all those that no limit holds for: the platform never forgets such partitions, and one is little to remember.
    /// </summary>
    public static PlatformPartition Unlimited => default;
}
