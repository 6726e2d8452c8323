using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Has the responses of endpoints kept in Redis for a while. The word nearest to the endpoint counts.</summary>
/// <remarks>
/// The cache stores responses that are safe for all callers: a 200 to a <c>GET</c>, other statuses if you ask for them, and any status with
/// an explicit freshness lifetime. It does not store a response with <c>Set-Cookie</c>, <c>Vary: *</c> or a <c>Cache-Control</c> that
/// forbids it, nor the response to a request with <c>Authorization</c> or of an authenticated user, unless the endpoint says <c>public</c>
/// or you ask for it. All other responses pass unchanged, and <c>Cache-Status</c> (RFC 9211) says why.
/// </remarks>
public static class CacheResponseEndpointConventionBuilderExtensions
{
    /// <summary>Caches as a builder says; without a word, under the endpoint's route and the values of its parameters.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="configure">Names the key, the times, the tags, and who may be given what is stored.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, Action<CacheResponseBuilder> configure)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(configure);
        var response = new CacheResponseBuilder();
        configure(response);
        return builder.WithMetadata(response.Build());
    }

    /// <summary>Caches under a key made from route values.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="keyTemplate">See <see cref="CacheResponseBuilder.Key(string)"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">The template is empty, or its braces are not in order.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, string keyTemplate)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(keyTemplate, timeToLive: null);

    /// <summary>Caches under a key made from route values, for a time.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="keyTemplate">See <see cref="CacheResponseBuilder.Key(string)"/>.</param>
    /// <param name="timeToLive">
    /// See <see cref="CacheResponseBuilder.Duration"/>. Null: <see cref="RedisResilienceHttpOptions.TimeToLive"/>.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">The template is empty, or its braces are not in order.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, string keyTemplate, TimeSpan? timeToLive)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(response => For(response.Key(keyTemplate), timeToLive));

    /// <summary>Caches under a key that a function names.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="key">See <see cref="CacheResponseBuilder.Key(Func{HttpContext, string})"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, Func<HttpContext, string?> key)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(key, timeToLive: null);

    /// <summary>Caches under a key that a function names, for a time.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="key">See <see cref="CacheResponseBuilder.Key(Func{HttpContext, string})"/>.</param>
    /// <param name="timeToLive">
    /// See <see cref="CacheResponseBuilder.Duration"/>. Null: <see cref="RedisResilienceHttpOptions.TimeToLive"/>.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    public static TBuilder CacheResponse<TBuilder>(this TBuilder builder, Func<HttpContext, string?> key, TimeSpan? timeToLive)
        where TBuilder : IEndpointConventionBuilder => builder.CacheResponse(response => For(response.Key(key), timeToLive));

    private static void For(CacheResponseBuilder response, TimeSpan? timeToLive)
    {
        if (timeToLive is { } time)
        {
            response.Duration(time);
        }
    }
}
