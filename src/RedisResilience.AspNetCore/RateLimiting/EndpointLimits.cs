using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>All policies of one endpoint, each of them once.</summary>
internal sealed class EndpointLimits
{
    private readonly ActivePolicy[] _policies;
    private readonly ClientRules _clients;

    public EndpointLimits(IEnumerable<ActivePolicy> policies, ClientRules clients, RateLimitResponses responses)
    {
        _policies = [.. policies];
        _clients = clients;
        Responses = responses;
        if (_policies.SelectMany(policy => policy.LimitNames).GroupBy(name => name)
            .FirstOrDefault(names => names.Count() > 1) is { Key: var name })
        {
            throw new InvalidOperationException(
                $"Two of the endpoint's rate limits are called '{name}'. Give one another name: limit with {{ Name = ... }}.");
        }
    }

    /// <summary>What responses tell of the limits.</summary>
    public RateLimitResponses Responses { get; }

    public bool IsEmpty => _policies.Length == 0;

    /// <summary>Each of them, for those who want to know.</summary>
    public IEnumerable<EndpointLimit> Describe() => _policies.Select(policy => policy.Describe());

    /// <summary>What a request will be charged: every policy's functions have their say before anything is sent.</summary>
    public List<RateLimitAcquisition> ChargesFor(HttpContext context)
    {
        var charges = new List<RateLimitAcquisition>(_policies.Length);
        foreach (var policy in _policies)
        {
            if (policy.ChargeFor(context, _clients) is { } charge)
            {
                charges.Add(charge);
            }
        }

        return charges;
    }
}
