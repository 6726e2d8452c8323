using System.Threading.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>The metadata of a <see cref="RateLimitLease"/> of this library, in addition to <see cref="MetadataName.RetryAfter"/>.</summary>
public static class RateLimitMetadataNames
{
    /// <summary>The limit's permits: <see cref="RateLimitDecision.Limit"/>.</summary>
    public static MetadataName<int> Limit { get; } = MetadataName.Create<int>("LIMIT");

    /// <summary>The permits that are left: <see cref="RateLimitDecision.Remaining"/>.</summary>
    public static MetadataName<int> Remaining { get; } = MetadataName.Create<int>("REMAINING");

    /// <summary>How long until all permits are free again: <see cref="RateLimitDecision.ResetAfter"/>.</summary>
    public static MetadataName<TimeSpan> ResetAfter { get; } = MetadataName.Create<TimeSpan>("RESET_AFTER");

    /// <summary>Who decided: <see cref="RateLimitDecision.Source"/>.</summary>
    public static MetadataName<DecisionSource> Source { get; } = MetadataName.Create<DecisionSource>("DECIDER");
}
