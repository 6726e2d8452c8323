using System.Globalization;
using Microsoft.AspNetCore.Http;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The <c>Cache-Status</c> field (RFC 9211).</summary>
internal static class CacheStatus
{
    public const string Field = "Cache-Status";

    public const string Hit = "RedisResilience; hit";
    public const string Stored = Missed + "; stored";
    public const string Head = Missed + "; detail=head";
    public const string Range = Missed + "; detail=range";
    public const string BypassAuthorization = Bypass + "authorization";
    public const string BypassAuthenticated = Bypass + "authenticated";
    public const string BypassKey = Bypass + "key";

    private const string Missed = "RedisResilience; fwd=uri-miss";
    private const string Bypass = "RedisResilience; fwd=bypass; detail=";
    private const string BypassUnavailable = Bypass + "unavailable";

    public static string HitFor(TimeSpan remaining) =>
        string.Create(CultureInfo.InvariantCulture, $"{Hit}; ttl={remaining.Ticks / TimeSpan.TicksPerSecond}");

    public static string NotStored(string detail) => $"{Missed}; detail={detail}";

    /// <summary>Says what became of a request that was not a hit. Without a Redis there is no cache to speak of.</summary>
    public static void Announce(HttpResponse response, RedisAvailability availability, string value)
    {
        if (availability != RedisAvailability.NotConfigured)
        {
            response.Headers.Append(Field, availability == RedisAvailability.Available ? value : BypassUnavailable);
        }
    }
}
