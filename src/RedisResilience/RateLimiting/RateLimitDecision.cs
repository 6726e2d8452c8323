namespace RedisResilience.RateLimiting;

/// <summary>The answer to one <see cref="IRateLimiter.AcquireAsync"/>: allowed or not, what is left, and when to come back.</summary>
public readonly record struct RateLimitDecision
{
    /// <summary>Whether the call may go on. If not, it has taken no permit.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>The limit's permits. With 100 permits an hour this is 100.</summary>
    public required int Limit { get; init; }

    /// <summary>How many permits the key has left: with 100 permits of which 6 are taken, 94. When nobody counted: the limit if allowed, else 0.</summary>
    public required int Remaining { get; init; }

    /// <summary>How long a denied caller should wait before it asks for the same permits again. Zero for an allowed call, and when the time is not known.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>How long until the key has all its permits again if it takes no more. Zero when it has them now, and when nobody counted.</summary>
    public TimeSpan ResetAfter { get; init; }

    /// <summary>Who decided.</summary>
    public required RateLimitDecider Decider { get; init; }

    /// <summary>Whether the decision was made without the shared count because Redis could not answer.</summary>
    public bool IsDegraded => Decider == RateLimitDecider.FailurePolicy;

    /// <summary>A decision without a count: nothing is known of what is left.</summary>
    internal static RateLimitDecision Uncounted(bool isAllowed, RateLimit limit, RateLimitDecider decider) => new()
    {
        IsAllowed = isAllowed,
        Limit = limit.Permits,
        Remaining = isAllowed ? limit.Permits : 0,
        Decider = decider,
    };
}
