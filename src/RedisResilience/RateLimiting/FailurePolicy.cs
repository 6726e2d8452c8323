namespace RedisResilience.RateLimiting;

/// <summary>What a limit answers when Redis cannot.</summary>
public enum FailurePolicy
{
    /// <summary>The call is allowed: right where the limit protects capacity, and being available matters more.</summary>
    Allow = 0,

    /// <summary>The call is denied: right where the limit protects a secret, such as log-in attempts.</summary>
    Deny = 1,

    /// <summary>This process enforces its share of the limit by itself: right where neither all nor nothing will do.</summary>
    Local = 2,
}
