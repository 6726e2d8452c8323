namespace RedisResilience.RateLimiting;

/// <summary>What a limit answers when Redis cannot.</summary>
public enum FailurePolicy
{
    /// <summary>The call is allowed. Use it for a limit that protects capacity, if being available matters more.</summary>
    Allow = 0,

    /// <summary>The call is denied. Use it for a limit that protects a secret, such as a limit of login attempts.</summary>
    Deny = 1,

    /// <summary>
    /// This process enforces its share of the limit by itself. Use it for a limit that must neither allow everybody nor deny everybody.
    /// </summary>
    Local = 2,
}
