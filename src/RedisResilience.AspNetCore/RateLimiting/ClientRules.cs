using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>How addresses identify clients, and which clients are exempt from limits.</summary>
internal sealed class ClientRules(int addressPrefixLength, IEnumerable<string> exempt)
{
    private static readonly ClientRules Default = new(64, []);

    private readonly AddressSet _exempt = new(exempt);

    /// <summary>The rules for code outside of the middleware.</summary>
    public static ClientRules For(HttpContext context) => context.RequestServices?.GetService<LivePolicies>()?.Current.Clients ?? Default;

    public string KeyOf(HttpContext context) => ClientAddress.Key(context.Connection.RemoteIpAddress, addressPrefixLength);

    public bool IsExempt(HttpContext context) => _exempt.Contains(context.Connection.RemoteIpAddress);
}
