using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Configured;

/// <summary>A policy from a configuration section, ready for use.</summary>
internal sealed class ConfiguredPolicy
{
    private static readonly (string Word, Func<string, Func<HttpContext, string?>> Make)[] Keys =
    [
        ("Claim:", RateLimitKeys.Claim), ("Header:", RateLimitKeys.Header), ("RouteValue:", RateLimitKeys.RouteValue),
    ];

    /// <exception cref="ArgumentException">A value is not allowed; the message says which are.</exception>
    public ConfiguredPolicy(string name, RateLimitPolicyOptions options)
    {
        Name = name;
        if (options.Cost < 0)
        {
            throw new ArgumentException($"Cost is '{options.Cost}'; it must be at least 0.");
        }

        var exempt = new AddressSet(options.ExemptAddresses);
        Policy = new RateLimitPolicy(LimitOf(options))
        {
            Key = KeyOf(options.Key),
            Cost = options.Cost == 1 ? null : _ => options.Cost,
            IsExempt = options.ExemptAddresses.Count == 0 ? null : context => exempt.Contains(context.Connection.RemoteIpAddress),
            MaximumWait = options.MaximumWait,
            QueueLimit = options.QueueLimit,
            IsDryRun = options.IsDryRun,
            Redis = options.Redis,
        };
        Endpoints = [.. options.Endpoints.Select(EndpointPattern.Parse)];
        Requirement = new RateLimitMetadata { PolicyName = name, Owner = this };
    }

    public string Name { get; }

    public RateLimitPolicy Policy { get; }

    /// <summary>Which endpoints have it.</summary>
    public EndpointPattern[] Endpoints { get; }

    /// <summary>The requirement that such an endpoint gets.</summary>
    public RateLimitMetadata Requirement { get; }

    private static RateLimit LimitOf(RateLimitPolicyOptions options)
    {
        var limit = ConfiguredLimit.Of(options);
        limit = options.Limits.Count == 0
            ? limit
            : RateLimit.All([limit, .. options.Limits.Select(ConfiguredLimit.Of)]);
        return limit with { FailurePolicy = options.FailurePolicy };
    }

    private static Func<HttpContext, string?>? KeyOf(string key)
    {
        if (key.Equals("Address", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (key.Equals("User", StringComparison.OrdinalIgnoreCase))
        {
            return RateLimitKeys.User;
        }

        var (word, make) = Array.Find(
            Keys, kind => key.StartsWith(kind.Word, StringComparison.OrdinalIgnoreCase) && key.Length > kind.Word.Length);
        return make?.Invoke(key[word.Length..]) ?? throw new ArgumentException(
            $"Key is '{key}'; it must be Address, User, or Claim:, Header: or RouteValue: with a name behind it.");
    }
}
