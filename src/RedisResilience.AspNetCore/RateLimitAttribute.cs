using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>Holds each client of a controller, an action, a page or a handler to a rate limit, as <c>RequireRateLimit</c> does.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RateLimitAttribute : Attribute, IRateLimitMetadata
{
    private RateLimitMetadata? _metadata;

    /// <summary>Requires the default policy.</summary>
    public RateLimitAttribute()
    {
    }

    /// <summary>Requires a policy.</summary>
    /// <param name="policy">The policy's name (<see cref="RedisResilienceHttpOptions.AddPolicy(string, RateLimitPolicy)"/>).</param>
    /// <exception cref="ArgumentException"><paramref name="policy"/> is null or empty.</exception>
    public RateLimitAttribute(string policy)
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        Policy = policy;
    }

    /// <summary>The policy's name; null for the default one.</summary>
    public string? Policy { get; }

    /// <summary>How many permits a request takes.</summary>
    /// <value>Default: -1, what the policy says.</value>
    public int Cost { get; set; } = -1;

    RateLimitMetadata IRateLimitMetadata.Metadata =>
        _metadata ??= new RateLimitMetadata { PolicyName = Policy, Cost = Cost < 0 ? null : _ => Cost, Owner = this };
}
