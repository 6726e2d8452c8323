namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What responses say about limits.</summary>
/// <param name="SendsFields">Whether they have the fields of the standard.</param>
/// <param name="SendsXFields">Whether they also have the fields from before it.</param>
/// <param name="OnRejected">Called for every denied request. May be null.</param>
/// <param name="Log">Logs some denials. Null for none.</param>
internal sealed record RateLimitResponses(
    bool SendsFields, bool SendsXFields, Func<RateLimitRejection, ValueTask>? OnRejected, DenialLog? Log)
{
    /// <summary>The settings for code outside of the middleware.</summary>
    public static readonly RateLimitResponses Default = new(SendsFields: true, SendsXFields: false, OnRejected: null, Log: null);
}
