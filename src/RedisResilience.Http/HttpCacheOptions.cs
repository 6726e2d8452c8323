using RedisResilience.Caching;

namespace RedisResilience.Http;

/// <summary>How a client's responses are cached. The defaults are those of a shared cache by RFC 9111.</summary>
public sealed class HttpCacheOptions
{
    /// <summary>
    /// Whether the cache is private: what is stored for one user is given to no other. A shared cache leaves out what is meant for one user
    /// (<c>private</c>, requests with
    /// <c>Authorization</c> or <c>Cookie</c>) unless the response allows more; a private one keeps it, apart for each user.
    /// </summary>
    /// <value>Default: false, shared.</value>
    public bool IsPrivate { get; set; }

    /// <summary>
    /// Who the user of a request is, for a private cache: a tenant's name, say. It stands in keys as a hash. Name it where a handler nearer
    /// to the wire adds the credentials, which this one cannot see then.
    /// </summary>
    /// <value>Default: null, whoever has the same <c>Authorization</c> and <c>Cookie</c> fields.</value>
    public Func<HttpRequestMessage, string?>? User { get; set; }

    /// <summary>Whether a shared cache stores responses with <c>Set-Cookie</c>, and gives the cookie to everybody.</summary>
    /// <value>Default: false.</value>
    public bool StoresCookies { get; set; }

    /// <summary>The largest body that is stored, in bytes. A larger one passes by and is not held in memory.</summary>
    /// <value>Default: 524,288. Entries must also fit in <see cref="RedisResilienceOptions.MaximumEntrySize"/>, with their fields.</value>
    public int MaximumBodySize { get; set; } = 512 * 1024;

    /// <summary>How many responses of one URI are kept beside each other that differ by what <c>Vary</c> names, besides the
    /// first.</summary>
    /// <value>Default: 16. From 0 to 1024.</value>
    public int MaximumVariants { get; set; } = 16;

    /// <summary>How much of the time since its <c>Last-Modified</c> a response is taken to be fresh that does not say how long it is (RFC
    /// 9111, section 4.2.2). 0.1 is usual.</summary>
    /// <value>Default: 0, such a response is not fresh. Up to 1.</value>
    public double HeuristicFactor { get; set; }

    /// <summary>The longest time that a response is fresh by <see cref="HeuristicFactor"/>.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan MaximumHeuristicLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a stale response is served while it is refreshed in the background, if it does not say itself (RFC 5861, section
    /// 3).</summary>
    /// <value>Default: zero.</value>
    public TimeSpan StaleWhileRevalidate { get; set; }

    /// <summary>
    /// How long a stale response is served when the other side fails, times out or has no permit to give, if it does not say itself (RFC
    /// 5861, section 4). One that must be revalidated never is.
    /// </summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a request waits for the other side when there is a stale response to serve instead.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stale response with an entity tag or a date of its last change is kept, to be asked about instead of fetched
    /// anew.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan RevalidationWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Fields that are meant for this cache and take the place of <c>Cache-Control</c>, the most specific first (RFC
    /// 9213).</summary>
    /// <value>Default: <c>CDN-Cache-Control</c>; without effect in a private cache.</value>
    public IList<string> TargetedFields { get; } = ["CDN-Cache-Control"];

    /// <summary>Makes the cache that keeps the responses, once for a client.</summary>
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
