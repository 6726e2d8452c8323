using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.AspNetCore.Callers;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>
/// Says whom a <see cref="RateLimitPolicy"/> limits. When a function returns null or an empty text for a request, the client's address
/// counts.
/// </summary>
public static class RateLimitKeys
{
    /// <summary>
    /// The address of the client's connection. An IPv4-mapped IPv6 address counts as the IPv4 address. Any other IPv6 address counts by its
    /// network.
    /// </summary>
    public static Func<HttpContext, string> Address { get; } = static context => ClientRules.For(context).KeyOf(context);

    /// <summary>
    /// The signed-in user: issuer and subject (<see cref="ClaimTypes.NameIdentifier"/> or <c>sub</c>) of every authenticated identity. A
    /// display name does not count as an id: for a user without issuer and subject, the address counts.
    /// </summary>
    public static Func<HttpContext, string?> User { get; } = Caller.IdOf;

    /// <summary>A claim of the signed-in user, such as the tenant.</summary>
    /// <param name="type">The claim's type.</param>
    /// <exception cref="ArgumentException"><paramref name="type"/> is null or empty.</exception>
    public static Func<HttpContext, string?> Claim(string type)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        return context => Caller.ClaimOf(context, type);
    }

    /// <summary>The SHA-256 of a header field of the request. The field itself is often a secret, such as an API key.</summary>
    /// <remarks>
    /// A client can send a new value with every request, and so get a new count. Use this only for a field that the application has
    /// verified, or together with a policy that counts the address.
    /// </remarks>
    /// <param name="name">The field's name.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static Func<HttpContext, string?> Header(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return context => context.Request.Headers[name].ToString() is { Length: > 0 } value ? PartitionKey.Hash(value) : null;
    }

    /// <summary> A route value, such as a tenant. It is in lower case, because routing ignores case. </summary>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static Func<HttpContext, string?> RouteValue(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return context => Convert.ToString(context.GetRouteValue(name), CultureInfo.InvariantCulture)?.ToLowerInvariant();
    }
}
