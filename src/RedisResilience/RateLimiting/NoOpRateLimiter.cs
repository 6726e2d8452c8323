namespace RedisResilience.RateLimiting;

/// <summary>Allows every call and counts nothing: what <see cref="IRateLimiter"/> is when no Redis is configured, and in unit tests.</summary>
public sealed class NoOpRateLimiter : IRateLimiter
{
    private NoOpRateLimiter()
    {
    }

    /// <summary>The only instance: it has no state.</summary>
    public static NoOpRateLimiter Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<RateLimitDecision>(cancellationToken)
            : new ValueTask<RateLimitDecision>(RateLimitDecision.Uncounted(isAllowed: true, limit, RateLimitDecider.None));
    }
}
