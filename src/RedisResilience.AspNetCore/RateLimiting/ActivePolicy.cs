using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A policy as one endpoint uses it, with the data that its requests share.</summary>
/// <param name="name">What clients call it; null for the default policy, and for one that stands at an endpoint.</param>
/// <param name="policy">The policy.</param>
/// <param name="cost">What a request costs at the endpoint; null: the policy says it.</param>
/// <param name="keyName">What stands in the keys of a policy without a name; null: nothing.</param>
internal sealed class ActivePolicy(string? name, RateLimitPolicy policy, Func<HttpContext, int>? cost, string? keyName = null)
{
    private readonly LimitDescription? _constant = policy.Limit is { } limit
        ? new LimitDescription(limit, name, policy.Unit, keyName)
        : null;
    private readonly Func<HttpContext, int>? _cost = cost ?? policy.Cost;

    /// <summary>What clients call the limits; empty for those that depend on the request.</summary>
    public IEnumerable<string> LimitNames => _constant?.Fields.Select(fields => fields.Name) ?? [];

    public EndpointLimit Describe() => new(name ?? _constant?.Limit.Name ?? LimitDescription.DefaultName, _constant?.Limit);

    /// <summary>What a request will be charged; null if it is free of this policy.</summary>
    public RateLimitAcquisition? ChargeFor(HttpContext context, ClientRules clients)
    {
        if (clients.IsExempt(context) || policy.IsExempt?.Invoke(context) == true || Describe(context) is not { } description)
        {
            return null;
        }

        var permits = _cost?.Invoke(context) ?? 1;
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        return new RateLimitAcquisition(name ?? LimitDescription.DefaultName, policy, description, KeyOf(context, clients), permits);
    }

    private LimitDescription? Describe(HttpContext context) =>
        _constant ?? (policy.Resolve!(context) is { } resolved ? new LimitDescription(resolved, name, policy.Unit, keyName) : null);

    /// <summary>Nobody escapes the limit by having no key of the policy's own: such a client is known by its address.</summary>
    private string KeyOf(HttpContext context, ClientRules clients) =>
        policy.Key is null ? clients.KeyOf(context)
        : policy.Key(context) is { Length: > 0 } own ? PartitionKey.Own(own)
        : PartitionKey.InsteadOfOwn(clients.KeyOf(context));
}
