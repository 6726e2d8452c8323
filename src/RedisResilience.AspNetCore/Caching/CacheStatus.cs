using System.Globalization;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
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
    public const string OnlyIfCached = "RedisResilience; detail=only-if-cached";

    private const string Missed = "RedisResilience; fwd=uri-miss";
    private const string Outdated = "RedisResilience; fwd=stale";
    private const string Unavailable = "RedisResilience; fwd=bypass; detail=unavailable";

    private static readonly string?[] Hits = new string?[3601];

    /// <param name="cached">What is served.</param>
    /// <param name="isRefresh">Whether there was an older one.</param>
    public static string Of(in CachedResponse cached, bool isRefresh = false) => cached.Outcome switch
    {
        CacheOutcome.Collapsed => isRefresh ? Outdated + "; collapsed" : Missed + "; collapsed",
        CacheOutcome.Stale => Stale,
        _ => cached.TimeToLive is { } remaining ? HitFor(remaining) : Hit,
    };

    public static string NotStored(Reason reason, bool isRefresh) => isRefresh ? reason.Stale : reason.Miss;

    /// <summary>Says what became of a request that was not a hit.</summary>
    public static void Announce(HttpResponse response, HttpCacheServices services, string value)
    {
        if (!services.IsOff)
        {
            response.Headers.Append(Field, services.Status.Current.Availability is RedisAvailability.Available
                or RedisAvailability.NotConfigured ? value : Unavailable);
        }
    }

    /// <summary>Says it when the response starts, whoever writes it.</summary>
    public static void AnnounceLater(HttpResponse response, HttpCacheServices services, string value) => response.OnStarting(
        static state =>
        {
            var (response, services, value) = ((HttpResponse, HttpCacheServices, string))state;
            Announce(response, services, value);
            return Task.CompletedTask;
        },
        (response, services, value));

    // The seconds of the first hour are made once.
    private static string HitFor(TimeSpan remaining)
    {
        var seconds = Math.Max(0, remaining.Ticks / TimeSpan.TicksPerSecond);
        return seconds < Hits.Length ? Hits[seconds] ??= Make(seconds) : Make(seconds);
    }

    private static string Make(long seconds) => string.Create(CultureInfo.InvariantCulture, $"{Hit}; ttl={seconds}");
}
