using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A limit with all that its requests share, made once: who is limited, the constant field values, the problem bodies.</summary>
internal sealed class RateLimitPolicy(RateLimit limit, Func<HttpContext, string?>? key = null)
{
    public RateLimit Limit { get; } = limit;

    public RateLimitFields Fields { get; } = new(limit);

    public ReadOnlyMemory<byte> QuotaExceeded { get; } = RateLimitProblem.QuotaExceeded(RateLimitFields.NameOf(limit));

    public ReadOnlyMemory<byte> ReducedCapacity { get; } = RateLimitProblem.ReducedCapacity(RateLimitFields.NameOf(limit));

    /// <summary>Nobody escapes the limit by having no key of the policy's own: such a client is known by its address.</summary>
    public string KeyOf(HttpContext context) =>
        key?.Invoke(context) is { Length: > 0 } own ? RateLimitKey.Clean(own) : ClientAddress.Key(context.Connection.RemoteIpAddress);
}
