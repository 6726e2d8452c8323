using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>The default policy, the default time to live, and the named policies of endpoints.</summary>
/// <remarks>
/// Validated when the host starts. When the configuration changes, the new values apply from the next request on. If they are not valid,
/// the library logs an error and keeps the old values.
/// </remarks>
public sealed class RedisResilienceHttpOptions
{
    // Knows the rules of names.
    private static readonly RateLimit AnyLimit = RateLimit.FixedWindow(1, TimeSpan.FromSeconds(1));

    private readonly Dictionary<string, RateLimitPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>How many requests a client may make in one <see cref="Window"/> under the default policy.</summary>
    /// <value>Default: 100. At least 1.</value>
    public int Permits { get; set; } = 100;

    /// <summary>How long a window of the default policy lasts. It opens with the client's first request.</summary>
    /// <value>Default: 1 hour. Whole milliseconds, from 1 ms to 365 days.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a cached response lives, unless its endpoint says otherwise.</summary>
    /// <value>Default: 60 s. From 1 ms to 365 days.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many leading bits of an IPv6 address identify a client. One client commonly has a whole /64 network, and could otherwise use a
    /// new address for every request.
    /// </summary>
    /// <value>Default: 64. From 32 to 128.</value>
    public int IPv6PrefixLength { get; set; } = 64;

    /// <summary>
    /// Clients that are not limited: addresses and networks, such as <c>127.0.0.1</c>, <c>10.0.0.0/8</c> and <c>2001:db8::/32</c>.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<string> ExemptAddresses { get; } = [];

    /// <summary>
    /// Whether responses also have <c>X-RateLimit-Limit</c>, <c>X-RateLimit-Remaining</c> and <c>X-RateLimit-Reset</c> (seconds from now),
    /// of the limit that has
    /// the least left.
    /// </summary>
    /// <value>Default: false.</value>
    public bool SendXRateLimitFields { get; set; }

    /// <summary>
    /// Whether responses have the fields <c>RateLimit-Policy</c> and <c>RateLimit</c>. <c>Retry-After</c> is always there.
    /// </summary>
    /// <value>Default: true.</value>
    public bool SendRateLimitFields { get; set; } = true;

    /// <summary>Called for every request that a limit denies, once for each policy that denies it, before the response starts.</summary>
    /// <value>Default: null.</value>
    public Func<RateLimitRejection, ValueTask>? OnRejected { get; set; }

    /// <summary>
    /// How many denials the log reports in a minute. A line has the policy and the key as Redis has it: an address, a user, or a hash.
    /// </summary>
    /// <value>Default: 0, none. Up to 1,000,000.</value>
    public int LoggedDenialsPerMinute { get; set; }

    /// <summary>
    /// Policies of the configuration section, by their names. They take precedence over policies of the same name that are added in code.
    /// </summary>
    /// <value>Default: none.</value>
    public IDictionary<string, RateLimitPolicyOptions> Policies { get; } =
        new Dictionary<string, RateLimitPolicyOptions>(StringComparer.Ordinal);

    // A method: the configuration binder's generator takes a property, even an internal one, for something to bind.
    internal IReadOnlyDictionary<string, RateLimitPolicy> GetPolicies() => _policies;

    /// <summary>Adds a policy that endpoints ask for by name. It replaces an earlier one of that name.</summary>
    /// <param name="name">The policy's name. It becomes the limit's <see cref="RateLimit.Name"/>, unless the limit has one.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="key">Who is limited: see <see cref="RateLimitPolicy.Key"/>.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="limit"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a limit's name.</exception>
    public RedisResilienceHttpOptions AddPolicy(string name, RateLimit limit, Func<HttpContext, string?>? key = null) =>
        AddPolicy(name, new RateLimitPolicy(limit) { Key = key });

    /// <summary>Adds a policy that endpoints ask for by name. It replaces an earlier one of that name.</summary>
    /// <param name="name">The policy's name. It becomes the limit's <see cref="RateLimit.Name"/>, unless the limit has one.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="policy"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a limit's name.</exception>
    public RedisResilienceHttpOptions AddPolicy(string name, RateLimitPolicy policy)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(policy);
        _ = AnyLimit with { Name = name };
        _policies[name] = policy;
        return this;
    }
}
