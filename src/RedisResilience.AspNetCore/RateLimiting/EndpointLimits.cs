using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>All policies of one endpoint, each of them once.</summary>
internal sealed class EndpointLimits
{
    private readonly (ActivePolicy Policy, IRateLimiter Limiter)[] _policies;
    private readonly ClientRules _clients;

    public EndpointLimits(IEnumerable<ActivePolicy> policies, ClientRules clients, RateLimitResponses responses, EndpointRedis redis)
    {
        _policies = [.. policies.Select(policy => (policy, redis.LimiterOf(policy.Redis)))];
        _clients = clients;
        Responses = responses;
        if (_policies.SelectMany(active => active.Policy.LimitNames).GroupBy(name => name)
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
    public IEnumerable<EndpointLimit> Describe() => _policies.Select(active => active.Policy.Describe());

    /// <summary>The limits that do not depend on the request, each with the limiter that counts it.</summary>
    public IEnumerable<(IRateLimiter Limiter, RateLimit Limit)> Counted() =>
        from active in _policies
        let limit = active.Policy.Describe().Limit
        where limit is not null
        select (active.Limiter, limit);

    /// <summary>The charges of a request. The functions of all policies run before anything is sent.</summary>
    public List<RateLimitAcquisition> AcquisitionsFor(HttpContext context)
    {
        var acquisitions = new List<RateLimitAcquisition>(_policies.Length);
        foreach (var (policy, limiter) in _policies)
        {
            if (policy.AcquisitionFor(context, _clients, limiter) is { } acquisition)
            {
                acquisitions.Add(acquisition);
            }
        }

        return acquisitions;
    }
}
