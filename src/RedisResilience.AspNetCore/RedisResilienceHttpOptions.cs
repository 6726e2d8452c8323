using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>What endpoints get when they ask for a rate limit or a cached response without saying more.</summary>
/// <remarks>
/// Validated when the host starts. A change of the configuration holds from the next request on; a change that is not valid is logged, and the
/// values before it stay in force.
/// </remarks>
public sealed class RedisResilienceHttpOptions
{
    private readonly Dictionary<string, NamedPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>How many requests a client may make in one <see cref="Window"/> under the default policy.</summary>
    /// <value>Default: 100. At least 1.</value>
    public int Permits { get; set; } = 100;

    /// <summary>How long a window of the default policy lasts. It opens with the client's first request.</summary>
    /// <value>Default: 1 hour. Whole milliseconds, from 1 ms to 365 days.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a cached response lives, unless its endpoint says otherwise.</summary>
    /// <value>Default: 60 s. From 1 ms to 365 days.</value>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromSeconds(60);

    // A method: the configuration binder's generator takes a property, even an internal one, for something to bind.
    internal IReadOnlyDictionary<string, NamedPolicy> GetPolicies() => _policies;

    /// <summary>Adds a policy that endpoints ask for by name. It replaces an earlier one of that name.</summary>
    /// <param name="name">The policy's name. It becomes the limit's <see cref="RateLimit.Name"/>, unless the limit has one.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="key">
    /// Who is limited: a user, a tenant. Null, and a key that is null or empty: the client's address. A key that
    /// <see cref="RedisKeyLimits"/> forbids is replaced by its SHA-256.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a limit's name.</exception>
    public RedisResilienceHttpOptions AddPolicy(string name, RateLimit limit, Func<HttpContext, string?>? key = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(limit);
        var named = limit with { Name = name };
        _policies[name] = new NamedPolicy(limit.Name is null ? named : limit, key);
        return this;
    }
}
