using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A request that a limit denies: the argument of <see cref="RedisResilienceHttpOptions.OnRejected"/>.</summary>
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
    /// The request and its response, whose status and <c>Retry-After</c> you may change. If you start the response, write all of it. If you
    /// do not, the library writes a problem document to a client that accepts one.
    /// </summary>
    public HttpContext HttpContext { get; }

    /// <summary>The policy's name; <c>default</c> for one without.</summary>
    public string PolicyName { get; }

    /// <summary>Who is denied, as Redis has it: an address, a user, or a hash.</summary>
    public string Key { get; }

    /// <summary>The decision.</summary>
    public RateLimitDecision Decision { get; }
}
