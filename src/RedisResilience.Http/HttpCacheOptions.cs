using RedisResilience.Caching;

namespace RedisResilience.Http;

/// <summary>How a client's responses are cached. The defaults are those of a shared cache by RFC 9111.</summary>
public sealed class HttpCacheOptions
{
    /// <summary>
    /// Whether the cache is private: a response that is stored for one user is given to no other. A shared cache does not store
    /// <c>private</c> responses, nor responses to requests with <c>Authorization</c> or <c>Cookie</c> unless the response allows it. A
    /// private cache stores them separately for each user.
    /// </summary>
    /// <value>Default: false, shared.</value>
    public bool IsPrivate { get; set; }

    /// <summary>
    /// Names the user of a request for a private cache, for example a tenant. Keys contain a hash of it. Set it if a later handler adds the
    /// credentials, because the cache cannot see them then.
    /// </summary>
    /// <value>Default: null, the values of <c>Authorization</c> and <c>Cookie</c>.</value>
    public Func<HttpRequestMessage, string?>? User { get; set; }

    /// <summary>Whether a shared cache stores responses with <c>Set-Cookie</c>, and gives the cookie to everybody.</summary>
    /// <value>Default: false.</value>
    public bool StoresCookies { get; set; }

    /// <summary>The largest body that is stored, in bytes. A larger body goes to the caller and is not held in memory.</summary>
    /// <value>Default: 524,288. Entries must also fit in <see cref="RedisResilienceOptions.MaximumEntrySize"/>, with their fields.</value>
    public int MaximumBodySize { get; set; } = 512 * 1024;

    /// <summary>
    /// How many variants of one URI are stored in addition to the first response. Variants differ by the fields that <c>Vary</c> names.
    /// </summary>
    /// <value>Default: 16. From 0 to 1024.</value>
    public int MaximumVariants { get; set; } = 16;

    /// <summary>
    /// For a response without a freshness lifetime: the part of the time since <c>Last-Modified</c> for which it counts as fresh (RFC 9111,
    /// section 4.2.2). 0.1 is usual.
    /// </summary>
    /// <value>Default: 0, such a response is not fresh. Up to 1.</value>
    public double HeuristicFactor { get; set; }

    /// <summary>The longest freshness lifetime that <see cref="HeuristicFactor"/> can give.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan MaximumHeuristicLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a stale response is served while it is refreshed in the background (RFC 5861, section 3). A response's own value takes
    /// precedence.
    /// </summary>
    /// <value>Default: zero.</value>
    public TimeSpan StaleWhileRevalidate { get; set; }

    /// <summary>
    /// How long a stale response is served when the API fails, times out, or the limit gives no permit (RFC 5861, section 4). A response's
    /// own value takes precedence. A response with <c>must-revalidate</c> is never served stale.
    /// </summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a request waits for the API when there is a stale response to serve instead.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a stale response with <c>ETag</c> or <c>Last-Modified</c> is kept, so that the cache can revalidate it instead of fetching
    /// it again.
    /// </summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan RevalidationWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Fields that are meant for this cache and take the place of <c>Cache-Control</c>, the most specific first (RFC
    /// 9213).</summary>
    /// <value>Default: <c>CDN-Cache-Control</c>; without effect in a private cache.</value>
    public IList<string> TargetedFields { get; } = ["CDN-Cache-Control"];

    /// <summary>
    /// The name of the Redis that stores the responses, if there are several: the name in <c>AddRedisResilience(name, ...)</c>.
    /// </summary>
    /// <value>Default: null, the one without a name. <see cref="Store"/> takes precedence.</value>
    public string? Redis { get; set; }

    /// <summary>Creates the cache that stores the responses, once for each client.</summary>
    /// <remarks>An <see cref="InMemoryResponseCache"/> works without Redis.</remarks>
    /// <value>Default: null, the application's <see cref="IResponseCache"/>.</value>
    public Func<IServiceProvider, IResponseCache>? Store { get; set; }

    /// <summary>Makes the cache private.</summary>
    /// <param name="user">Sets <see cref="User"/>.</param>
    /// <returns>These options.</returns>
    public HttpCacheOptions Private(Func<HttpRequestMessage, string?>? user = null)
    {
        (IsPrivate, User) = (true, user);
        return this;
    }
}
