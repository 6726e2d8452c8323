using RedisResilience.Diagnostics;

namespace RedisResilience.RateLimiting.Requests;

/// <summary>Reports a decision to the metrics, and a denial also to the watchers of denied calls.</summary>
internal static class DecisionTelemetry
{
    public const string ByRedis = "redis";
    public const string Locally = "local";
    public const string ByFailurePolicy = "failure_policy";

    public static void Record(in RateLimitDecision decision, string decider, string key, RateLimit limit)
    {
        ResilienceMetrics.RecordDecision(decision.IsAllowed, decider, limit.Name);
        if (!decision.IsAllowed)
        {
            DeniedCalls.Tell(key, limit.Name, decision.RetryAfter);
        }
    }
}
