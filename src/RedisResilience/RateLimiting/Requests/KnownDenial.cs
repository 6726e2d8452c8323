namespace RedisResilience.RateLimiting.Requests;

/// <summary>A denial, and the time at which it was made.</summary>
internal sealed record KnownDenial(RateLimitDecision Decision, long ToldAt)
{
    /// <summary>The same denial, with its times counted from now.</summary>
    public RateLimitDecision Now(TimeProvider timeProvider) =>
        Decision.RetryAfter - timeProvider.GetElapsedTime(ToldAt) is var left && left > TimeSpan.Zero
            ? Decision with { RetryAfter = left }
            : Decision with { RetryAfter = TimeSpan.Zero };
}
