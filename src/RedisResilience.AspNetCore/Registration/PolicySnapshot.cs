using System.Collections.Frozen;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The options as they were at one moment, ready for use by requests.</summary>
internal sealed class PolicySnapshot(RedisResilienceHttpOptions options)
{
    private readonly RateLimitPolicy _default = new(RateLimit.FixedWindow(options.Permits, options.Window));
    private readonly FrozenDictionary<string, RateLimitPolicy> _named =
        options.GetPolicies().ToFrozenDictionary(entry => entry.Key, entry => new RateLimitPolicy(entry.Value.Limit, entry.Value.Key), StringComparer.Ordinal);

    /// <summary>How long a cached response lives, unless its endpoint says otherwise.</summary>
    public TimeSpan TimeToLive { get; } = options.Ttl;

    /// <summary>The policy that an endpoint asks for; null when it asks for none.</summary>
    /// <exception cref="InvalidOperationException">It asks for one that does not exist.</exception>
    public RateLimitPolicy? For(RateLimitMetadata? metadata) =>
        metadata is null || metadata.IsDisabled ? null
        : metadata.Policy ?? (metadata.PolicyName is null ? _default : Named(metadata.PolicyName));

    private RateLimitPolicy Named(string name) =>
        _named.TryGetValue(name, out var policy)
            ? policy
            : throw new InvalidOperationException($"There is no rate limit policy '{name}'. Add it with AddRedisResilienceHttp(options => options.AddPolicy(...)).");
}
