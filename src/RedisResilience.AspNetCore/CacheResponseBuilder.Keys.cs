using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Callers;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore;

// What the keys are made of.
public sealed partial class CacheResponseBuilder
{
    /// <summary>Makes keys from a template. Without one, a key is the endpoint's route pattern and the values of its parameters.</summary>
    /// <param name="template">
    /// Such as <c>predictions:v1:{symbol}</c>, whose placeholders are route values. In the values <c>%</c>, <c>:</c>, <c>{</c>, <c>}</c>
    /// and <c>&amp;</c> are percent-encoded. A request without one of the values is not cached. Two endpoints with the same template stop
    /// the start, unless both have <see cref="ShareEntries"/>: then they share their entries.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The template is empty, or its braces are not in order.</exception>
    public CacheResponseBuilder Key(string template)
    {
        _template = CacheKeyTemplate.Parse(template);
        _function = null;
        return this;
    }

    /// <summary>Makes keys by a function.</summary>
    /// <param name="key">
    /// Returns the key of a request's entry. If it returns null or an invalid key (<see cref="RedisKeyLimits"/>), the request is not
    /// cached.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public CacheResponseBuilder Key(Func<HttpContext, string?> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _function = key;
        return this;
    }

    /// <summary>
    /// Keeps an entry for each value of these query parameters. Their order does not matter, and other parameters are ignored.
    /// </summary>
    /// <param name="names">The parameters. Names are case-insensitive.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is empty or not clean text.</exception>
    public CacheResponseBuilder VaryByQuery(params string[] names)
    {
        Names.AddTo(_queryNames, names);
        return this;
    }

    /// <summary>Keeps an entry for each combination of query parameters. Their order does not matter.</summary>
    /// <remarks>
    /// Every parameter that a client makes up gives another entry. If you know the parameters, name them with <see cref="VaryByQuery"/>.
    /// </remarks>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder VaryByWholeQuery()
    {
        _variesByWholeQuery = true;
        return this;
    }

    /// <summary>Keeps an entry for each host and path base. Keys that the builder makes itself always contain both.</summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder VaryByHost()
    {
        _variesByHost = true;
        return this;
    }

    /// <summary>Keeps an entry for each value that a function returns, such as a tenant or a feature flag.</summary>
    /// <param name="name">The name of the value in the key: a token, such as <c>tenant</c>.</param>
    /// <param name="value">Returns the value of a request, or null if it has none.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no token.</exception>
    public CacheResponseBuilder VaryByValue(string name, Func<HttpContext, string?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Names.AddFieldsTo(names, [name], forbidden: Names.NoneForbidden);
        _values[names.Single()] = value;
        return this;
    }

    /// <summary>
    /// Says that the response does not depend on these parameters of the query and fields of the request, although the handler binds them.
    /// </summary>
    /// <param name="names">Their names.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is empty or not clean text.</exception>
    public CacheResponseBuilder NotVaryBy(params string[] names)
    {
        Names.AddTo(_ignored, names);
        return this;
    }

    /// <summary>
    /// Says that other endpoints share these keys on purpose, because they give the same responses. Without it, the application does not
    /// start when two endpoints have one key.
    /// </summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder ShareEntries()
    {
        _isShared = true;
        return this;
    }

    /// <summary> Keeps an entry for each value of these request header fields, and adds them to <c>Vary</c>. </summary>
    /// <param name="names">The fields, such as <c>Accept-Language</c>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">
    /// A name is not a field's name; or is <c>Authorization</c> or <c>Cookie</c>, whose values are secrets and no part of a key.
    /// </exception>
    public CacheResponseBuilder VaryByHeader(params string[] names)
    {
        Names.AddFieldsTo(_headerNames, names, forbidden: StoredHeaders.Secret);
        return this;
    }

    /// <summary>Lets values that differ only in case share an entry.</summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder IgnoreCase()
    {
        _ignoresCase = true;
        return this;
    }

    /// <summary>
    /// Keeps an entry for each authenticated user, and <c>private</c> responses too. Requests without a user are not cached.
    /// </summary>
    /// <param name="user">
    /// Names the user. Only a hash of the name becomes part of the key. Null: issuer and subject
    /// (<see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/> or <c>sub</c>) of every authenticated identity. A request of a user
    /// without them is not cached. A display name does not count as an id.
    /// </param>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder PerUser(Func<HttpContext, string?>? user = null)
    {
        _user = user ?? Caller.IdOf;
        return this;
    }
}
