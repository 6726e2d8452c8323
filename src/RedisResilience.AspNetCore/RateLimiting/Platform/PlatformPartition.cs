using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>
/// The values that tell one partition from another. The limit is one of them, so a changed limit is another partition and applies at once.
/// </summary>
internal readonly record struct PlatformPartition(string Key, RateLimit Limit, int Cost)
{
    /// <summary>
    /// The one of all those that no limit holds for: the platform never forgets such partitions, and one is little to remember.
    /// </summary>
    public static PlatformPartition Unlimited => default;
}
