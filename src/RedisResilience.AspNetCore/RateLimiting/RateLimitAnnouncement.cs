using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Puts the RateLimit fields on a response, whoever writes it.</summary>
internal sealed class RateLimitAnnouncement
{
    private readonly HttpResponse _response;
    private readonly RateLimitPolicy _policy;
    private readonly RateLimitDecision _decision;

    private RateLimitAnnouncement(HttpResponse response, RateLimitPolicy policy, in RateLimitDecision decision)
    {
        _response = response;
        _policy = policy;
        _decision = decision;
    }

    /// <summary>Only as the response starts: an exception handler clears whatever stood in the headers before.</summary>
    public static void Register(HttpResponse response, RateLimitPolicy policy, in RateLimitDecision decision)
    {
        if (decision.Decider != RateLimitDecider.None)
        {
            response.OnStarting(static state => ((RateLimitAnnouncement)state).WriteAsync(), new RateLimitAnnouncement(response, policy, decision));
        }
    }

    private Task WriteAsync()
    {
        _response.Headers[RateLimitFields.PolicyField] = _policy.Fields.Policy;
        if (!_decision.IsDegraded)
        {
            _response.Headers[RateLimitFields.StateField] = _policy.Fields.State(_decision);
        }

        return Task.CompletedTask;
    }
}
