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
    /// Keeps stored responses when a request of an unsafe method (<c>POST</c>, <c>PUT</c>, <c>PATCH</c>, <c>DELETE</c>) succeeds on the
    /// same address.
    /// </summary>
    /// <remarks>
    /// Without it, such a request removes the stored responses of its address, and of its <c>Location</c> and <c>Content-Location</c> on
    /// the same origin (RFC 9111, section 4.4).
    /// </remarks>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder KeepOnUnsafeMethods()
    {
        _keepsOnUnsafeMethods = true;
        return this;
    }

    /// <summary>
    /// Obeys the directives of requests: <c>no-cache</c>, <c>max-age</c>, <c>min-fresh</c>, <c>max-stale</c> and <c>Pragma</c>. By default
    /// the cache obeys only <c>only-if-cached</c> and <c>no-store</c>, because a client that can make the endpoint run at will takes the
    /// cache's protection from all others.
    /// </summary>
    /// <remarks>
    /// For a request that no fresh response is good enough for, the endpoint runs alone. An answer below 500 removes what is stored, and a
    /// failure leaves it.
    /// </remarks>
    /// <param name="callers">Says whose directives are obeyed. Null: everybody's.</param>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder HonorRequestDirectives(Func<HttpContext, bool>? callers = null)
    {
        _hearsRequest = callers ?? (static _ => true);
        return this;
    }

    /// <summary>
    /// Gives these response fields, such as <c>Surrogate-Control</c>, precedence over <c>CDN-Cache-Control</c> and <c>Cache-Control</c>
    /// (RFC 9213). The cache always reads <c>RedisResilience-Cache-Control</c> and <c>CDN-Cache-Control</c>.
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
    /// Stores these response fields although they usually belong to one request, such as <c>Server-Timing</c> or <c>X-Request-Id</c>.
    /// </summary>
    /// <remarks>
    /// All fields that the endpoint sets are stored anyway, except fields of one connection, one request or one user. With
    /// <c>Set-Cookie</c>, all users get the cookies that the endpoint has set for the first one, so never name it if one of them belongs to
    /// a user. A response with a cookie that other middleware sets, such as a session's, is still not stored.
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

    /// <summary>Does not store these fields of the response.</summary>
    /// <param name="names">The fields.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is not a field's name.</exception>
    public CacheResponseBuilder DoNotStoreHeader(params string[] names)
    {
        Names.AddFieldsTo(_left, names, forbidden: Names.NoneForbidden);
        return this;
    }

    /// <summary>
    /// Tells clients and proxies how long they may keep the response (<c>Cache-Control</c> with <c>max-age</c> and the stale windows), if
    /// the endpoint does not do so itself. An invalidation does not reach responses that they keep.
    /// </summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder AnnounceFreshness()
    {
        _announcesFreshness = true;
        return this;
    }
}
