namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What an endpoint, or a group around it, has said about its rate limits.</summary>
internal sealed class RateLimitMetadata
{
    public static readonly RateLimitMetadata Default = new();
    public static readonly RateLimitMetadata Disabled = new() { IsDisabled = true };

    /// <summary>Whether everything said before, by groups around, is taken back.</summary>
    public bool IsDisabled { get; private init; }

    /// <summary>The policy by name; null for the default one.</summary>
    public string? PolicyName { get; init; }

    /// <summary>The policy itself, where it stands at the endpoint.</summary>
    public RateLimitPolicy? Policy { get; init; }

    /// <summary>What a request costs at this endpoint, where the policy does not say it.</summary>
    public Func<Microsoft.AspNetCore.Http.HttpContext, int>? Cost { get; init; }
}
