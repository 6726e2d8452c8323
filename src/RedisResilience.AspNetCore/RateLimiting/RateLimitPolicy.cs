using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>How requests are limited: by what, who, at what cost, and who is free of it.</summary>
/// <remarks>The functions run on every request, before anything is sent to Redis: they answer from memory. What they throw fails the request.</remarks>
public sealed class RateLimitPolicy
{
    /// <summary>A policy with one limit for everybody.</summary>
    /// <param name="limit">The limit.</param>
    /// <exception cref="ArgumentNullException"><paramref name="limit"/> is null.</exception>
    public RateLimitPolicy(RateLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        Limit = limit;
    }

    /// <summary>A policy whose limit depends on the request, such as on its tenant. It holds from the request on for which it is given.</summary>
    /// <param name="resolve">Gives the limit, typically from a service of <see cref="HttpContext.RequestServices"/>; null for a request that has none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="resolve"/> is null.</exception>
    public RateLimitPolicy(Func<HttpContext, RateLimit?> resolve)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        Resolve = resolve;
    }

    /// <summary>Who is limited: see <see cref="RateLimitKeys"/>, or any function.</summary>
    /// <value>
    /// Default: null, the client's address, which also stands in for a key that is null or empty. A key of more than 128 characters, or
    /// with braces or anything that <see cref="RedisKeyLimits"/> forbids, is replaced by its SHA-256.
    /// </value>
    public Func<HttpContext, string?>? Key { get; init; }

    /// <summary>How many permits a request costs, 0 or more. One that costs more than the limit can ever give is denied without a Retry-After.</summary>
    /// <value>Default: null, 1.</value>
    public Func<HttpContext, int>? Cost { get; init; }

    /// <summary>Says which requests are free of this policy.</summary>
    /// <value>Default: null, none but those of <see cref="RedisResilienceHttpOptions.ExemptAddresses"/>.</value>
    public Func<HttpContext, bool>? IsExempt { get; init; }

    /// <summary>What the permits count, as told to clients.</summary>
    /// <value>Default: <see cref="QuotaUnit.Requests"/>.</value>
    public QuotaUnit Unit { get; init; }

    /// <summary>Whether clients are told which partition a request was counted in (<c>pk</c>): right where one client uses several, such as one a tenant.</summary>
    /// <value>Default: false. The partition is told as 8 bytes of the key's SHA-256.</value>
    public bool TellsPartition { get; init; }

    internal RateLimit? Limit { get; }

    internal Func<HttpContext, RateLimit?>? Resolve { get; }
}
