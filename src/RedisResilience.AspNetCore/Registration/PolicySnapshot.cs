using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Configured;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The options as they were at one moment, ready for use by requests.</summary>
internal sealed class PolicySnapshot(
    RedisResilienceHttpOptions options, EndpointDataSource? source, EndpointRedis redis, ILogger logger, TimeProvider time)
{
    private readonly ConfiguredPolicy[] _configured =
        [.. options.Policies.Select(policy => new ConfiguredPolicy(policy.Key, policy.Value))];

    private readonly RateLimitPolicy _default = new(RateLimit.FixedWindow(options.Permits, options.Window));
    private readonly FrozenDictionary<string, RateLimitPolicy> _named = options.GetPolicies().ToFrozenDictionary(StringComparer.Ordinal);
    private readonly RateLimitResponses _rules = new(
        options.SendRateLimitFields, options.SendXRateLimitFields, options.OnRejected, new DenialLog(
            logger, time, options.LoggedDenialsPerMinute));

    // Endpoints come and go with their data sources, and their limits with them.
    private readonly ConditionalWeakTable<Endpoint, EndpointLimits> _limits = [];

    public ClientRules Clients { get; } = new(options.IPv6PrefixLength, options.ExemptAddresses);

    /// <summary>How long a cached response lives, unless its endpoint says otherwise.</summary>
    public TimeSpan TimeToLive { get; } = options.TimeToLive;

    /// <summary>The limits that an endpoint asks for.</summary>
    /// <exception cref="InvalidOperationException">
    /// It asks for a policy that does not exist, or for two limits that would count together.
    /// </exception>
    public EndpointLimits LimitsOf(Endpoint endpoint) =>
        _limits.TryGetValue(endpoint, out var limits) ? limits : _limits.GetValue(endpoint, Create);

    /// <summary>
    /// Whether there is each policy that an endpoint asks for, and each endpoint that a pattern of the configuration names: a misspelt one
    /// would limit nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is not.</exception>
    public void Check()
    {
        var endpoints = source?.Endpoints ?? [];
        foreach (var endpoint in endpoints)
        {
            _ = LimitsOf(endpoint);
        }

        foreach (var policy in _configured)
        {
            if (Array.Find(policy.Endpoints, pattern => !endpoints.Any(pattern.Matches)) is { } idle)
            {
                throw new InvalidOperationException(
                    $"The policy '{policy.Name}' of the configuration names the endpoints '{idle}', and there is none. There are: "
                        + $"{string.Join(", ", endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText))}.");
            }
        }
    }

    private EndpointLimits Create(Endpoint endpoint)
    {
        // What the configuration says of endpoints is said before all groups.
        var required = _configured.Where(policy => Array.Exists(policy.Endpoints, pattern => pattern.Matches(endpoint)))
            .Select(policy => policy.Requirement)
            .Concat(endpoint.Metadata.GetOrderedMetadata<IRateLimitMetadata>().Select(item => item.Metadata))
            .ToList();
        required.RemoveRange(0, 1 + required.FindLastIndex(metadata => metadata.IsDisabled));
        var active = new List<(RateLimitMetadata Metadata, ActivePolicy Policy)>();
        foreach (var metadata in required)
        {
            var policy = Activate(metadata, endpoint);

            // The nearer word counts: an endpoint's own comes after its groups'.
            active.RemoveAll(other => other.Metadata.Identity.Equals(metadata.Identity)
                || (other.Metadata.Owner != metadata.Owner && other.Policy.LimitNames.Intersect(policy.LimitNames).Any()));
            active.Add((metadata, policy));
        }

        return new EndpointLimits(active.Select(item => item.Policy), Clients, _rules, redis);
    }

    private ActivePolicy Activate(RateLimitMetadata metadata, Endpoint endpoint) => metadata switch
    {
        { Policy: { } policy } => new ActivePolicy(null, policy, metadata.Cost, InlineName.Of(metadata, endpoint, source?.Endpoints ?? [])),
        { PolicyName: { } name } => new ActivePolicy(name, Named(name), metadata.Cost),
        _ => new ActivePolicy(null, _default, metadata.Cost),
    };

    private RateLimitPolicy Named(string name) =>
        Array.Find(_configured, policy => policy.Name == name)?.Policy
        ?? _named.GetValueOrDefault(name)
        ?? throw new InvalidOperationException(
            $"There is no rate limit policy '{name}'. Add it with AddHttp(options => options.AddPolicy(...)), or in the "
                + "section's Policies.");
}
