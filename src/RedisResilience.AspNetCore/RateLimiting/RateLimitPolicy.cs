using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Says how requests are limited: by which limit, who counts together, what a request costs, and who is exempt.</summary>
/// <remarks>
/// The functions run on every request, before anything is sent to Redis, so let them answer from memory. An exception in one of them fails
/// the request.
/// </remarks>
public sealed class RateLimitPolicy
{
    private int _waiting;

    /// <summary>A policy with one limit for everybody.</summary>
    /// <param name="limit">The limit.</param>
    /// <exception cref="ArgumentNullException"><paramref name="limit"/> is null.</exception>
    public RateLimitPolicy(RateLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        Limit = limit;
    }

    /// <summary> A policy whose limit depends on the request, for example on its tenant. A changed limit applies at once. </summary>
    /// <param name="resolve">
    /// Returns the limit, typically from a service of <see cref="HttpContext.RequestServices"/>, or null for a request without a limit.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="resolve"/> is null.</exception>
    public RateLimitPolicy(Func<HttpContext, RateLimit?> resolve)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        Resolve = resolve;
    }

    /// <summary>Says which requests count together: see <see cref="RateLimitKeys"/>, or any function.</summary>
    /// <remarks>
    /// When it returns null or an empty text, the client's address counts. A key of more than 128 characters, or with braces or anything
    /// that <see cref="RedisKeyLimits"/> forbids, is replaced by its SHA-256.
    /// </remarks>
    /// <value>Default: null, the client's address.</value>
    public Func<HttpContext, string?>? Key { get; init; }

    /// <summary>
    /// How many permits a request costs, 0 or more. A request that costs more than the limit can ever give is denied without
    /// <c>Retry-After</c>.
    /// </summary>
    /// <value>Default: null, 1.</value>
    public Func<HttpContext, int>? Cost { get; init; }

    /// <summary>Returns true for a request that this policy does not limit.</summary>
    /// <value>Default: null, none but those of <see cref="RedisResilienceHttpOptions.ExemptAddresses"/>.</value>
    public Func<HttpContext, bool>? IsExempt { get; init; }

    /// <summary>The name of the Redis that counts, where there are several: that of <c>AddRedisResilience(name, ...)</c>.</summary>
    /// <remarks>For a policy of the platform's own middleware, the default is the one without a name.</remarks>
    /// <value>Default: null, the one that <c>AddHttp</c> was called on.</value>
    public string? Redis { get; init; }

    /// <summary>What the permits count. Clients see it in <c>RateLimit-Policy</c>.</summary>
    /// <value>Default: <see cref="QuotaUnit.Requests"/>.</value>
    public QuotaUnit Unit { get; init; }

    /// <summary>
    /// Whether the fields show the partition that counted the request (<c>pk</c>). Use it when one client uses several partitions, for
    /// example one for each tenant.
    /// </summary>
    /// <value>Default: false. <c>pk</c> has 8 bytes of the key's SHA-256.</value>
    public bool TellsPartition { get; init; }

    /// <summary>
    /// Says, by the response, which requests count. Permits are taken before the endpoint runs. They go back after a response for which
    /// this function returns false.
    /// </summary>
    /// <remarks>
    /// It is called when the response is over, even if the client has left or the endpoint has thrown. To count only failed logins, for
    /// example, return <c>context.Response.StatusCode == 401</c>.
    /// </remarks>
    /// <value>Default: null, all count.</value>
    public Func<HttpContext, bool>? CountWhen { get; init; }

    /// <summary>
    /// How long a request may wait for its permits, instead of being denied at once: see <see cref="IRateLimiter.WaitAsync"/>. The wait
    /// ends when the client leaves.
    /// </summary>
    /// <value>Default: zero. Up to one day.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan MaximumWait
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The wait must be from zero to one day.");
    }

    /// <summary>How many requests of this policy may wait in this process at the same time. Further requests do not wait.</summary>
    /// <value>Default: 1000. At least 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int QueueLimit
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The limit must not be negative.");
    } = 1000;

    /// <summary>Whether the policy only counts and reports, in metrics and fields, and denies nobody.</summary>
    /// <value>Default: false.</value>
    public bool IsDryRun { get; init; }

    internal RateLimit? Limit { get; }

    internal Func<HttpContext, RateLimit?>? Resolve { get; }

    internal bool TryEnterQueue()
    {
        if (Interlocked.Increment(ref _waiting) <= QueueLimit)
        {
            return true;
        }

        LeaveQueue();
        return false;
    }

    internal void LeaveQueue() => Interlocked.Decrement(ref _waiting);
}
