using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>Takes a controller, an action, a page or a handler out of the rate limits around it, as <c>DisableRateLimit</c> does.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DisableRateLimitAttribute : Attribute, IRateLimitMetadata
{
    RateLimitMetadata IRateLimitMetadata.Metadata => new() { IsDisabled = true, Owner = this };
}
