using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Registration;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Has the responses of endpoints kept in Redis for a while. The word nearest to the endpoint counts.</summary>
/// <remarks>
/// Only bodies are stored: a hit has none of the header fields that the endpoint set. Stored is what is safe to give to everybody: the 200 of a
/// GET, of type <c>application/json</c>, without <c>Set-Cookie</c>, <c>Vary</c>, <c>Content-Encoding</c>, an <c>ETag</c> of its own, or a
/// <c>Cache-Control</c> that forbids it; and nothing of requests with <c>Authorization</c> or from an authenticated user. All other responses pass
/// unchanged, and <c>Cache-Status</c> (RFC 9211) says why.
/// </remarks>
public static class CacheResponseEndpointConventionBuilderExtensions
{
    /// <summary>Caches under a key made from route values, for the time of <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions.Ttl"/>.</summary>
    /// <inheritdoc cref="CacheResponse{TBuilder}(TBuilder, string, TimeSpan?)"/>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, string keyTemplate)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(keyTemplate, timeToLive: null);

    /// <summary>Caches under a key made from route values.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="keyTemplate">
    /// Such as <c>predictions:v1:{symbol}</c>. In the values <c>%</c>, <c>:</c>, <c>{</c> and <c>}</c> are percent-encoded. A request without one of the
    /// values is not cached.
    /// </param>
    /// <param name="timeToLive">How long an entry lives, from 1 ms to 365 days. Null: <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions.Ttl"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">The template is empty, or its braces are not in order.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, string keyTemplate, TimeSpan? timeToLive)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(CacheKeyTemplate.Parse(keyTemplate).Format, timeToLive);

    /// <summary>Caches under a key that a function names, for the time of <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions.Ttl"/>.</summary>
    /// <inheritdoc cref="CacheResponse{TBuilder}(TBuilder, Func{HttpContext, string}, TimeSpan?)"/>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, Func<HttpContext, string?> key)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(key, timeToLive: null);

    /// <summary>Caches under a key that a function names.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="key">Names a request's entry. Null, and a key that <see cref="RedisResilience.RedisKeyLimits"/> forbids: the request is not cached.</param>
    /// <param name="timeToLive">How long an entry lives, from 1 ms to 365 days. Null: <see cref="RedisResilience.AspNetCore.RedisResilienceHttpOptions.Ttl"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, Func<HttpContext, string?> key, TimeSpan? timeToLive)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(key);
        if (timeToLive is { } time && !EntryLifetime.IsAllowed(time))
        {
            throw new ArgumentOutOfRangeException(nameof(timeToLive), timeToLive, "An entry lives from 1 ms to 365 days.");
        }

        return builder.WithMetadata(new CacheResponseMetadata(key, timeToLive));
    }
}
