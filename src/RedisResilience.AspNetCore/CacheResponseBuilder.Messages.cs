using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Callers;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore;

// What is heard of requests, and kept and told of responses.
public sealed partial class CacheResponseBuilder
{
    /// <summary>
    /// Leaves what is stored as it is when a request of an unsafe method (<c>POST</c>, <c>PUT</c>, <c>PATCH</c>, <c>DELETE</c>) succeeds on
    /// the same address.
    /// </summary>
    /// <remarks>
    /// Without it such a request removes what is stored for its address, and for its <c>Location</c> and <c>Content-Location</c> here (RFC
    /// 9111, section 4.4).
    /// </remarks>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder KeepOnUnsafeMethods()
    {
        _keepsOnUnsafeMethods = true;
        return this;
    }

    /// <summary>
    /// Hears what requests say: <c>no-cache</c>, <c>max-age</c>, <c>min-fresh</c>, <c>max-stale</c> and <c>Pragma</c>. By default
    /// only <c>only-if-cached</c>
    /// and <c>no-store</c> are: whoever can
    /// have the endpoint run at will takes the cache's protection from everybody.
    /// </summary>
    /// <remarks>
    /// For a request that no fresh response is good enough for, the endpoint runs alone. An answer below 500 removes what is stored, and a
    /// failure leaves it.
    /// </remarks>
    /// <param name="callers">Says whose requests are heard. Null: everybody's.</param>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder HonorRequestDirectives(Func<HttpContext, bool>? callers = null)
    {
        _hearsRequest = callers ?? (static _ => true);
        return this;
    }

    /// <summary>
    /// Hears these fields of responses before <c>CDN-Cache-Control</c> and <c>Cache-Control</c> (RFC 9213), such as
    /// <c>Surrogate-Control</c>. <c>RedisResilience-Cache-Control</c> and
    /// <c>CDN-Cache-Control</c> are always heard.
    /// </summary>
    /// <param name="names">The fields.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is not a field's name.</exception>
    public CacheResponseBuilder TargetedBy(params string[] names)
    {
        Names.AddFieldsTo(_targeted, names, forbidden: Names.NoneForbidden);
        return this;
    }

    /// <summary>
    /// Stores these fields of the response although they are usually of one request, such as <c>Server-Timing</c> or <c>X-Request-Id</c>.
    /// </summary>
    /// <remarks>
    /// All that the endpoint sets is stored anyway, but for fields of one connection, one request or one user. With <c>Set-Cookie</c>
    /// everybody is given the cookies that the endpoint has set for the first one: never name it where one of them is a user's own.
    /// Cookies that others set, such as a session's, keep the response out all the same.
    /// </remarks>
    /// <param name="names">The fields.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">
    /// A name is not a field's name, or one that is never stored, such as <c>WWW-Authenticate</c>.
    /// </exception>
    public CacheResponseBuilder StoreHeader(params string[] names)
    {
        Names.AddFieldsTo(_stored, names, forbidden: StoredHeaders.Never);
        return this;
    }

    /// <summary>Leaves these fields of the response out of what is stored.</summary>
    /// <param name="names">The fields.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is not a field's name.</exception>
    public CacheResponseBuilder DoNotStoreHeader(params string[] names)
    {
        Names.AddFieldsTo(_left, names, forbidden: Names.NoneForbidden);
        return this;
    }

    /// <summary>
    /// Tells clients and proxies for how long they may keep the response (<c>Cache-Control</c> with <c>max-age</c> and the stale windows),
    /// where the endpoint does not
    /// do so itself. What they keep, an invalidation does not reach.
    /// </summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder AnnounceFreshness()
    {
        _announcesFreshness = true;
        return this;
    }
}
