using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A policy as one endpoint uses it, with the data that its requests share.</summary>
/// <param name="name">Its name for clients. Null for the default policy, and for a policy that an endpoint has passed itself.</param>
/// <param name="policy">The policy.</param>
/// <param name="cost">The cost of a request at the endpoint. Null: the policy's cost.</param>
/// <param name="keyName">The name in the keys of a policy without a name. Null: none.</param>
internal sealed class ActivePolicy(string? name, RateLimitPolicy policy, Func<HttpContext, int>? cost, string? keyName = null)
{
    private readonly LimitDescription? _constant = policy.Limit is { } limit
        ? new LimitDescription(limit, name, policy.Unit, keyName)
        : null;
    private readonly Func<HttpContext, int>? _cost = cost ?? policy.Cost;

    /// <summary>The names of the limits for clients. Empty for limits that depend on the request.</summary>
    public IEnumerable<string> LimitNames => _constant?.Fields.Select(fields => fields.Name) ?? [];

    /// <summary>The name of the Redis that counts; null: that of the endpoints.</summary>
    public string? Redis => policy.Redis;

    public EndpointLimit Describe() => new(name ?? _constant?.Limit.Name ?? LimitDescription.DefaultName, _constant?.Limit);

    /// <summary>The charge of a request. Null if the request is exempt.</summary>
    public RateLimitAcquisition? AcquisitionFor(HttpContext context, ClientRules clients, IRateLimiter limiter)
    {
        if (clients.IsExempt(context) || policy.IsExempt?.Invoke(context) == true || Describe(context) is not { } description)
        {
            return null;
        }

        var permits = _cost?.Invoke(context) ?? 1;
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        return new RateLimitAcquisition(
            limiter, name ?? LimitDescription.DefaultName, policy, description, KeyOf(context, clients), permits);
    }

    private LimitDescription? Describe(HttpContext context) =>
        _constant ?? (policy.Resolve!(context) is { } resolved ? new LimitDescription(resolved, name, policy.Unit, keyName) : null);

    /// <summary>Nobody escapes the limit by having no key of the policy's own: such a client is known by its address.</summary>
    private string KeyOf(HttpContext context, ClientRules clients) =>
        policy.Key is null ? clients.KeyOf(context)
        : policy.Key(context) is { Length: > 0 } own ? PartitionKey.Own(own)
        : PartitionKey.InsteadOfOwn(clients.KeyOf(context));
}
