using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>
/// The values that tell one partition from another. The limit is one of them, so a changed limit is another partition and applies at once.
/// </summary>
internal readonly record struct PlatformPartition(string Key, RateLimit Limit, int Cost)
{
    /// <summary> The partition of all unlimited requests. There is only one, because the platform never removes such partitions. </summary>
    public static PlatformPartition Unlimited => default;
}
