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

    /// <summary>What responses say about the limits.</summary>
    public RateLimitResponses Responses { get; }

    public bool IsEmpty => _policies.Length == 0;

    /// <summary>A description of each limit.</summary>
    public IEnumerable<EndpointLimit> Describe() => _policies.Select(policy => policy.Describe());

    /// <summary>The charges of a request. The functions of all policies run before anything is sent.</summary>
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
