namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What an endpoint, or a group around it, has said about its rate limit. The last word on an endpoint counts.</summary>
internal sealed class RateLimitMetadata
{
    public static readonly RateLimitMetadata Default = new();
    public static readonly RateLimitMetadata Disabled = new() { IsDisabled = true };

    public bool IsDisabled { get; private init; }

    /// <summary>The policy by name; null for the default one.</summary>
    public string? PolicyName { get; init; }

    /// <summary>The policy itself, for a limit that stands at the endpoint.</summary>
    public RateLimitPolicy? Policy { get; init; }
}
