using System.Globalization;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The <c>Cache-Status</c> field (RFC 9211).</summary>
internal static class CacheStatus
{
    public const string Field = "Cache-Status";

    public const string Hit = "RedisResilience; hit";
    public const string Stale = Hit + "; detail=stale";
    public const string StaleForError = Outdated + "; detail=stale-if-error";
    public const string Stored = Missed + "; stored";
    public const string Refreshed = Outdated + "; stored";
    public const string Range = Missed + "; detail=range";
    public const string NoStore = Missed + "; detail=no-store";
    public const string NotShared = Missed + "; detail=not-shared";
    public const string OnlyIfCached = "RedisResilience; detail=only-if-cached";
    public const string Overloaded = Missed + "; detail=overloaded";
    public const string BypassAuthorization = Bypass + "authorization";
    public const string BypassAuthenticated = Bypass + "authenticated";
    public const string BypassKey = Bypass + "key";

    private const string Missed = "RedisResilience; fwd=uri-miss";
    private const string Outdated = "RedisResilience; fwd=stale";
    private const string Bypass = "RedisResilience; fwd=bypass; detail=";
    private const string BypassUnavailable = Bypass + "unavailable";

    private static readonly WholeSecondTexts Hits = new(seconds => string.Create(CultureInfo.InvariantCulture, $"{Hit}; ttl={seconds}"));

    /// <param name="cached">What is served.</param>
    /// <param name="isRefresh">Whether there was an older one.</param>
    public static string Of(in CachedResponse cached, bool isRefresh = false) => cached.Outcome switch
    {
        CacheOutcome.Collapsed => isRefresh ? Outdated + "; collapsed" : Missed + "; collapsed",
        CacheOutcome.Stale => Stale,
        _ => cached.TimeToLive is { } remaining ? Hits[remaining] : Hit,
    };

    public static string NotStored(string detail, bool isRefresh = false) => $"{(isRefresh ? Outdated : Missed)}; detail={detail}";

    /// <summary>Says what became of a request that was not a hit. Without a Redis there is no cache to speak of.</summary>
    public static void Announce(HttpResponse response, RedisAvailability availability, string value)
    {
        if (availability != RedisAvailability.NotConfigured)
        {
            response.Headers.Append(Field, availability == RedisAvailability.Available ? value : BypassUnavailable);
        }
    }
}
