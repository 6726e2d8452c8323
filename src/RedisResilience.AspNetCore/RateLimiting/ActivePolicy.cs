using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A policy as one endpoint uses it, with all that its requests share.</summary>
internal sealed class ActivePolicy(string? name, RateLimitPolicy policy, Func<HttpContext, int>? cost)
{
    private readonly LimitDescription? _constant = policy.Limit is { } limit ? new LimitDescription(limit, name, policy.Unit) : null;
    private readonly Func<HttpContext, int>? _cost = cost ?? policy.Cost;

    /// <summary>What clients call the limits; empty for those that depend on the request.</summary>
    public IEnumerable<string> LimitNames => _constant?.Fields.Select(fields => fields.Name) ?? [];

    /// <summary>What a request will be charged; null if it is free of this policy.</summary>
    public RateLimitAcquisition? ChargeFor(HttpContext context, ClientRules clients)
    {
        if (clients.IsExempt(context) || policy.IsExempt?.Invoke(context) == true || Describe(context) is not { } description)
        {
            return null;
        }

        var permits = _cost?.Invoke(context) ?? 1;
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        return new RateLimitAcquisition(description, KeyOf(context, clients), permits, policy.TellsPartition);
    }

    private LimitDescription? Describe(HttpContext context) =>
        _constant ?? (policy.Resolve!(context) is { } resolved ? new LimitDescription(resolved, name, policy.Unit) : null);

    /// <summary>Nobody escapes the limit by having no key of the policy's own: such a client is known by its address.</summary>
    private string KeyOf(HttpContext context, ClientRules clients) =>
        policy.Key is null ? clients.KeyOf(context)
        : policy.Key(context) is { Length: > 0 } own ? PartitionKey.Own(own)
        : PartitionKey.InsteadOfOwn(clients.KeyOf(context));
}
