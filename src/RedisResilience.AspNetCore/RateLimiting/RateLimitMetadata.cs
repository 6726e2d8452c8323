using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The rate limits that an endpoint or a group requires or disables.</summary>
internal sealed class RateLimitMetadata : IRateLimitMetadata
{
    /// <summary>Whether everything said before, by groups around, is taken back.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>The policy by name; null for the default one.</summary>
    public string? PolicyName { get; init; }

    /// <summary>The policy, if the endpoint has passed it itself.</summary>
    public RateLimitPolicy? Policy { get; init; }

    /// <summary>The cost of a request at this endpoint, which takes precedence over the policy's.</summary>
    public Func<HttpContext, int>? Cost { get; init; }

    /// <summary>The endpoint or group that says it: of two that say the same, the nearer one counts.</summary>
    public required object Owner { get; init; }

    /// <summary>The identity of the requirement. No endpoint has two with the same identity.</summary>
    public object Identity => (object?)Policy ?? PolicyName ?? "";

    RateLimitMetadata IRateLimitMetadata.Metadata => this;
}
