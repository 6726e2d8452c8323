namespace RedisResilience.HttpSemantics;

/// <summary>What status codes mean for a cache.</summary>
internal static class StatusRules
{
    /// <summary>Whether a response may be reused that does not say how long it is fresh (RFC 9110, section 15.1).</summary>
    public static bool IsHeuristicallyCacheable(int status) =>
        status is 200 or 203 or 204 or 206 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>Whether its meaning is known here: <c>must-understand</c> asks for that (RFC 9111, section 5.2.2.3).</summary>
    public static bool IsUnderstood(int status) => status is (
        >= 200 and <= 206) or (>= 300 and <= 303) or 307 or 308 or (>= 400 and <= 417) or 421 or 422 or 426 or (>= 500 and <= 505);

    /// <summary>Whether the origin, or somebody before it, could not answer (RFC 5861, section 4), or asks to come back later.</summary>
    public static bool IsFailure(int status) => status is 429 or 500 or 502 or 503 or 504;

    /// <summary>Whether the answer to a request for the whole is a failure, or a part that nobody has asked for.</summary>
    public static bool IsFailedAnswer(int status) => IsFailure(status) || status == 206;
}
