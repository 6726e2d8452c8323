using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The options as they were at one moment, ready for use by requests.</summary>
internal sealed class PolicySnapshot(RedisResilienceHttpOptions options)
{
    private readonly RateLimitPolicy _default = new(RateLimit.FixedWindow(options.Permits, options.Window));
    private readonly FrozenDictionary<string, RateLimitPolicy> _named = options.GetPolicies().ToFrozenDictionary(StringComparer.Ordinal);
    private readonly bool _sendsXFields = options.SendXRateLimitFields;

    // Endpoints come and go with their data sources, and their limits with them.
    private readonly ConditionalWeakTable<Endpoint, EndpointLimits> _limits = [];

    public ClientRules Clients { get; } = new(options.IPv6PrefixLength, options.ExemptAddresses);

    /// <summary>How long a cached response lives, unless its endpoint says otherwise.</summary>
    public TimeSpan TimeToLive { get; } = options.TimeToLive;

    /// <summary>The limits that an endpoint asks for.</summary>
    /// <exception cref="InvalidOperationException">It asks for a policy that does not exist, or for two limits that would count together.</exception>
    public EndpointLimits LimitsOf(Endpoint endpoint) =>
        _limits.TryGetValue(endpoint, out var limits) ? limits : _limits.GetValue(endpoint, Create);

    private EndpointLimits Create(Endpoint endpoint)
    {
        var required = endpoint.Metadata.GetOrderedMetadata<RateLimitMetadata>();
        var policies = required.Skip(1 + LastDisabled(required)).DistinctBy(metadata => (object?)metadata.Policy ?? metadata.PolicyName ?? "").Select(Activate);
        return new EndpointLimits(policies, Clients, _sendsXFields);
    }

    private static int LastDisabled(IReadOnlyList<RateLimitMetadata> required)
    {
        var last = required.Count - 1;
        while (last >= 0 && !required[last].IsDisabled)
        {
            last--;
        }

        return last;
    }

    private ActivePolicy Activate(RateLimitMetadata metadata) =>
        new(metadata.PolicyName, metadata.Policy ?? (metadata.PolicyName is null ? _default : Named(metadata.PolicyName)), metadata.Cost);

    private RateLimitPolicy Named(string name) =>
        _named.TryGetValue(name, out var policy)
            ? policy
            : throw new InvalidOperationException($"There is no rate limit policy '{name}'. Add it with AddHttp(options => options.AddPolicy(...)).");
}
