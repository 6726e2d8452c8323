using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore;

/// <summary>A policy in a configuration section: a limit, whom it limits, and which endpoints have it.</summary>
public sealed class RateLimitPolicyOptions : RateLimitOptions
{
    /// <summary>Who is limited.</summary>
    /// <value>Default: <c>Address</c>. Or <c>User</c>, <c>Claim:</c>, <c>Header:</c> or <c>RouteValue:</c> with a name behind it.</value>
    public string Key { get; set; } = "Address";

    /// <summary>What a request gets when Redis cannot answer.</summary>
    /// <value>Default: <see cref="RedisResilience.RateLimiting.FailurePolicy.Allow"/>.</value>
    public FailurePolicy FailurePolicy { get; set; }

    /// <summary>How many permits a request costs.</summary>
    /// <value>Default: 1. At least 0.</value>
    public int Cost { get; set; } = 1;

    /// <summary>The name of the Redis that counts, where there are several.</summary>
    /// <value>Default: null, the one that <c>AddHttp</c> was called on.</value>
    public string? Redis { get; set; }

    /// <summary>
    /// Clients that this policy does not limit, in addition to those of <see cref="RedisResilienceHttpOptions.ExemptAddresses"/>.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<string> ExemptAddresses { get; } = [];

    /// <summary>
    /// The endpoints that have the policy, in addition to those that require it in code. They are named by their routes, such as <c>POST
    /// /login</c>, <c>/orders/{id}</c>, <c>/admin/*</c> (one segment) and <c>/api/**</c> (any number).
    /// </summary>
    /// <value>Default: none.</value>
    public IList<string> Endpoints { get; } = [];

    /// <summary>Further limits that apply together with this one. A request takes permits from all of them or from none.</summary>
    /// <value>Default: none. Not together with <c>Concurrency</c>.</value>
    public IList<RateLimitOptions> Limits { get; } = [];

    /// <summary>See <see cref="RateLimitPolicy.MaximumWait"/>.</summary>
    /// <value>Default: zero. Up to one day.</value>
    public TimeSpan MaximumWait { get; set; }

    /// <summary>See <see cref="RateLimitPolicy.QueueLimit"/>.</summary>
    /// <value>Default: 1000. At least 0.</value>
    public int QueueLimit { get; set; } = 1000;

    /// <summary>See <see cref="RateLimitPolicy.IsDryRun"/>.</summary>
    /// <value>Default: false.</value>
    public bool IsDryRun { get; set; }
}
