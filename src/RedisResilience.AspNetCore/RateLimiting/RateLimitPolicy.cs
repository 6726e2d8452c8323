using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Says how requests are limited: by which limit, who counts together, what a request costs, and who is exempt.</summary>
/// <remarks>
/// The functions run on every request, before anything is sent to Redis: they answer from memory. What they throw fails the request.
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

    /// <summary>
    /// A policy whose limit depends on the request, such as on its tenant. It holds from the request on for which it is given.
    /// </summary>
    /// <param name="resolve">
    /// Gives the limit, typically from a service of <see cref="HttpContext.RequestServices"/>; null for a request that has none.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="resolve"/> is null.</exception>
    public RateLimitPolicy(Func<HttpContext, RateLimit?> resolve)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        Resolve = resolve;
    }

    /// <summary>Says which requests count together: see <see cref="RateLimitKeys"/>, or any function.</summary>
    /// <remarks>
    /// Where it gives null or an empty text, the client's address counts. A key of more than 128 characters, or with braces or anything
    /// that <see cref="RedisKeyLimits"/> forbids, is replaced by its SHA-256.
    /// </remarks>
    /// <value>Default: null, the client's address.</value>
    public Func<HttpContext, string?>? Key { get; init; }

    /// <summary>
    /// How many permits a request costs, 0 or more. One that costs more than the limit can ever give is denied without a Retry-After.
    /// </summary>
    /// <value>Default: null, 1.</value>
    public Func<HttpContext, int>? Cost { get; init; }

    /// <summary>Says which requests are free of this policy.</summary>
    /// <value>Default: null, none but those of <see cref="RedisResilienceHttpOptions.ExemptAddresses"/>.</value>
    public Func<HttpContext, bool>? IsExempt { get; init; }

    /// <summary>What the permits count, as told to clients.</summary>
    /// <value>Default: <see cref="QuotaUnit.Requests"/>.</value>
    public QuotaUnit Unit { get; init; }

    /// <summary>
    /// Whether clients are told which partition a request was counted in (<c>pk</c>): right where one client uses several, such as one a
    /// tenant.
    /// </summary>
    /// <value>Default: false. The partition is told as 8 bytes of the key's SHA-256.</value>
    public bool TellsPartition { get; init; }

    /// <summary>
    /// Says by the response which requests count: permits are taken before the endpoint runs, and given back after a response for which
    /// this is false.
    /// </summary>
    /// <remarks>
    /// Asked when the response is over, also when the client has left or the endpoint has thrown: log-ins that fail, say, with
    /// <c>context.Response.StatusCode == 401</c>.
    /// </remarks>
    /// <value>Default: null, all count.</value>
    public Func<HttpContext, bool>? CountWhen { get; init; }

    /// <summary>
    /// For how long a request waits for its permits rather than be denied at once: see <see cref="IRateLimiter.WaitAsync"/>. It ends when
    /// the client leaves.
    /// </summary>
    /// <value>Default: zero. Up to one day.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan MaximumWait
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The wait must be from zero to one day.");
    }

    /// <summary>How many requests of this policy may wait in this process at once; the next ones are decided at once.</summary>
    /// <value>Default: 1000. At least 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int QueueLimit
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The limit must not be negative.");
    } = 1000;

    /// <summary>Whether the policy only tries out what it would do: it counts, and tells metrics and fields, and denies nobody.</summary>
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
