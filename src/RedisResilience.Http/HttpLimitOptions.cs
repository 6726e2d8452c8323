using RedisResilience.RateLimiting;

namespace RedisResilience.Http;

/// <summary>How a client's requests are limited.</summary>
public sealed class HttpLimitOptions
{
    internal static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>
    /// Says which requests count together: see <see cref="HttpLimitKeys"/>. When it returns null for a request, the request is not limited.
    /// A key that is longer than 256 characters, or that <see cref="RedisKeyLimits"/> forbids, is replaced by its SHA-256.
    /// </summary>
    /// <value>Default: <see cref="HttpLimitKeys.Client"/>, all requests of the client.</value>
    public Func<HttpRequestMessage, string?> Key { get; set; } = HttpLimitKeys.Client;

    /// <summary>How many permits a request costs, 0 or more. A request that costs 0 is not limited.</summary>
    /// <value>Default: null, each costs 1.</value>
    public Func<HttpRequestMessage, int>? Cost { get; set; }

    /// <summary>The name of the Redis that counts, where there are several: that of <c>AddRedisResilience(name, ...)</c>.</summary>
    /// <value>Default: null, the one without a name.</value>
    public string? Redis { get; set; }

    /// <summary>How long a request waits for its turn. <see cref="HttpLimitRequest.MaximumWait"/> of a request takes precedence.</summary>
    /// <value>Default: 30 s. From zero to one day.</value>
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What a request gets when Redis is away.</summary>
    /// <value>Default: <see cref="FailurePolicy.Local"/>, this node's share.</value>
    public FailurePolicy FailurePolicy { get; set; } = FailurePolicy.Local;

    /// <summary>
    /// After a pause that the API has asked for, each waiting request waits for a random part of this time in addition, so that they do not
    /// all start together.
    /// </summary>
    /// <value>Default: 500 ms. Up to one minute.</value>
    public TimeSpan Spread { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether a request that would have to wait too long gets a 429 with <c>Retry-After</c> from this handler, instead of an exception.
    /// </summary>
    /// <value>Default: false, <see cref="HttpRateLimitedException"/>.</value>
    public bool AnswersWithStatus { get; set; }

    /// <summary>
    /// Whether the limit follows what the API says about its own limits: <c>Retry-After</c> of 429 and 503, <c>RateLimit</c>, and
    /// <see cref="QuotaFields"/>.
    /// </summary>
    /// <value>Default: true.</value>
    public bool HearsUpstream { get; set; } = true;

    /// <summary>The fields in which the API says how many requests are left, in addition to the standard ones.</summary>
    /// <remarks>The reset of the default fields may be in seconds or a Unix time; the size of the number decides.</remarks>
    /// <value>Default: <c>X-RateLimit-Remaining</c> and <c>X-RateLimit-Reset</c>.</value>
    public IList<UpstreamQuotaFields> QuotaFields { get; } =
        [new("X-RateLimit-Remaining", "X-RateLimit-Reset", UpstreamReset.SecondsOrUnixTime)];
}
