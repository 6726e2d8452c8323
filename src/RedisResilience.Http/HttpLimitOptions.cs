using RedisResilience.RateLimiting;

namespace RedisResilience.Http;

/// <summary>How a client's requests are limited.</summary>
public sealed class HttpLimitOptions
{
    internal static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>
    /// Says which requests count together: see <see cref="HttpLimitKeys"/>. A request for which it gives null is not limited. A key that
    /// is longer than 256 characters, or that <see cref="RedisKeyLimits"/> forbids, is replaced by its SHA-256.
    /// </summary>
    /// <value>Default: <see cref="HttpLimitKeys.Client"/>, all requests of the client.</value>
    public Func<HttpRequestMessage, string?> Key { get; set; } = HttpLimitKeys.Client;

    /// <summary>How many permits a request costs, 0 or more. A request that costs 0 is not limited.</summary>
    /// <value>Default: null, each costs 1.</value>
    public Func<HttpRequestMessage, int>? Cost { get; set; }

    /// <summary>How long a request waits for its turn. <see cref="HttpLimitRequest.MaximumWait"/> of a request goes before it.</summary>
    /// <value>Default: 30 s. From zero to one day.</value>
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What a request gets when Redis is away.</summary>
    /// <value>Default: <see cref="FailurePolicy.Local"/>, this node's share.</value>
    public FailurePolicy FailurePolicy { get; set; } = FailurePolicy.Local;

    /// <summary>Over how long those who were told to come back later are spread, from the end of that time on: each waits for a random part
    /// of it.</summary>
    /// <value>Default: 500 ms. Up to one minute.</value>
    public TimeSpan Spread { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether a request that would have to wait too long is answered with a 429 of this node's own making, with
    /// <c>Retry-After</c>, instead of an exception.</summary>
    /// <value>Default: false, <see cref="HttpRateLimitedException"/>.</value>
    public bool AnswersWithStatus { get; set; }

    /// <summary>Whether what the other side says about its own limits is heard: <c>Retry-After</c> of 429 and 503, <c>RateLimit</c>, and
    /// <see cref="QuotaFields"/>.</summary>
    /// <value>Default: true.</value>
    public bool HearsUpstream { get; set; } = true;

    /// <summary>The fields in which the other side says what is left, besides the standard ones.</summary>
    /// <remarks>A reset may be in seconds or a Unix time, whichever the number can be.</remarks>
    /// <value>Default: <c>X-RateLimit-Remaining</c> and <c>X-RateLimit-Reset</c>.</value>
    public IList<UpstreamQuotaFields> QuotaFields { get; } =
        [new("X-RateLimit-Remaining", "X-RateLimit-Reset", UpstreamReset.SecondsOrUnixTime)];
}
