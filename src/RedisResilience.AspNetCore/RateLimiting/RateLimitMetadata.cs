using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The rate limits that an endpoint or a group requires or disables.</summary>
internal sealed class RateLimitMetadata : IRateLimitMetadata
{
    /// <summary>Whether everything said before, by groups around, is taken back.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>The policy by name; null for the default one.</summary>
    public string? PolicyName { get; init; }

    /// <summary>The policy itself, where it stands at the endpoint.</summary>
    public RateLimitPolicy? Policy { get; init; }

    /// <summary>What a request costs at this endpoint, where the policy does not say it.</summary>
    public Func<HttpContext, int>? Cost { get; init; }

    /// <summary>The endpoint or group that says it: of two that say the same, the nearer one counts.</summary>
    public required object Owner { get; init; }

    /// <summary>What must not be required twice.</summary>
    public object Identity => (object?)Policy ?? PolicyName ?? "";

    RateLimitMetadata IRateLimitMetadata.Metadata => this;
}
