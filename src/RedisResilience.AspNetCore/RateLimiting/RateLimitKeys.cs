using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.AspNetCore.Callers;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>
/// Whom a <see cref="RateLimitPolicy"/> limits. A request for which a function gives null or nothing is known by its client's address.
/// </summary>
public static class RateLimitKeys
{
    /// <summary>The client's address as its connection has it: IPv4-mapped addresses folded, IPv6 by its network.</summary>
    public static Func<HttpContext, string> Address { get; } = static context => ClientRules.For(context).KeyOf(context);

    /// <summary>
    /// The signed-in user: issuer and subject (<see cref="ClaimTypes.NameIdentifier"/> or <c>sub</c>) of every authenticated identity. A
    /// display name is no id: who has no other is known
    /// by the address.
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

    /// <summary>A request's header field, as its SHA-256: what stands there is often a secret, such as an API key.</summary>
    /// <remarks>
    /// A client may send what it likes, and a new value every time: only for a field that has been verified, or beside a policy of its
    /// address.
    /// </remarks>
    /// <param name="name">The field's name.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static Func<HttpContext, string?> Header(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return context => context.Request.Headers[name].ToString() is { Length: > 0 } value ? PartitionKey.Hash(value) : null;
    }

    /// <summary>
    /// A value of the route, such as a tenant. Routes are matched without regard to case, and so is this: it is in lower case.
    /// </summary>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static Func<HttpContext, string?> RouteValue(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return context => Convert.ToString(context.GetRouteValue(name), CultureInfo.InvariantCulture)?.ToLowerInvariant();
    }
}
