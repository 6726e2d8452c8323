using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Requests;

/// <summary>The argument checks of every limiter.</summary>
internal static class AcquireArguments
{
    /// <summary>The longest that a call may wait for its permits.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public static void Validate(string key, RateLimit limit, int permits)
    {
        Validate(key, limit);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
    }

    public static void Validate(string key, RateLimit limit)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(limit);
    }

    public static void ValidateWait(TimeSpan maximumWait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumWait, LongestWait);
    }

    public static void ValidateRefund(string key, RateLimit limit, int permits)
    {
        Validate(key, limit, permits);
        if (limit.IsHeld)
        {
            throw new ArgumentException("The permits of a concurrency limit go back when their lease is disposed.", nameof(limit));
        }
    }
}
