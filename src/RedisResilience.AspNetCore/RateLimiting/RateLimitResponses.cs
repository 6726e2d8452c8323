namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What responses tell of limits.</summary>
/// <param name="SendsFields">Whether they have the fields of the standard.</param>
/// <param name="SendsXFields">Whether they also have the fields from before it.</param>
/// <param name="OnRejected">Hears of every denied request; null: nobody does.</param>
internal sealed record RateLimitResponses(bool SendsFields, bool SendsXFields, Func<RateLimitRejection, ValueTask>? OnRejected)
{
    /// <summary>For those who are not our middleware.</summary>
    public static readonly RateLimitResponses Default = new(SendsFields: true, SendsXFields: false, OnRejected: null);
}
