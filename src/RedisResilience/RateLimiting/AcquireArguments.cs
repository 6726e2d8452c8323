using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>What every limiter refuses, with Redis and without.</summary>
internal static class AcquireArguments
{
    public static void Validate(string key, RateLimit limit, int permits)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        if (permits > limit.Permits)
        {
            throw new ArgumentOutOfRangeException(nameof(permits), permits, $"The limit can never give more than {limit.Permits} permits.");
        }
    }
}
