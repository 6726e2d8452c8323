using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A request that a limit denies, as <see cref="RedisResilienceHttpOptions.OnRejected"/> hears of it.</summary>
public sealed class RateLimitRejection
{
    internal RateLimitRejection(HttpContext context, RateLimitAcquisition acquisition)
    {
        HttpContext = context;
        PolicyName = acquisition.PolicyName;
        Key = acquisition.Key;
        Decision = acquisition.Decision;
    }

    /// <summary>
    /// The request, and its response with status and <c>Retry-After</c>: both may be changed. Whoever starts the response writes all of it;
    /// else a problem is written where the client
    /// accepts one.
    /// </summary>
    public HttpContext HttpContext { get; }

    /// <summary>The policy's name; <c>default</c> for one without.</summary>
    public string PolicyName { get; }

    /// <summary>Who is denied, as it stands in Redis: an address, a user, or a hash.</summary>
    public string Key { get; }

    /// <summary>The decision.</summary>
    public RateLimitDecision Decision { get; }
}
