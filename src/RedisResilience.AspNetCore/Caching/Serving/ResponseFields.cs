using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>The fields that tell other caches about a response, the same on a hit and on a miss.</summary>
internal static class ResponseFields
{
    private static readonly WholeSecondTexts Fresh = new(seconds => string.Create(CultureInfo.InvariantCulture, $"max-age={seconds}"));

    public static void Write(HttpResponse response, CacheResponseMetadata entry, TimeSpan timeToLive)
    {
        var headers = response.Headers;
        if (entry.Vary is { } vary)
        {
            headers.Vary = vary;
        }

        if (headers.CacheControl.Count == 0)
        {
            if (entry.AnnouncesFreshness)
            {
                headers.CacheControl = Announcement(entry, timeToLive);
            }
            else if (entry.IsPerUser)
            {
                headers.CacheControl = "private";
            }
        }
    }

    private static string Announcement(CacheResponseMetadata entry, TimeSpan timeToLive)
    {
        var scope = entry.IsPerUser ? "private, " : "";
        var revalidate = entry.StaleWhileRevalidate is { } window ? Window("stale-while-revalidate", window) : "";
        var error = entry.StaleIfError is { } errorWindow ? Window("stale-if-error", errorWindow) : "";
        return scope.Length + revalidate.Length + error.Length == 0 ? Fresh[timeToLive] : $"{scope}{Fresh[timeToLive]}{revalidate}{error}";
    }

    private static string Window(string name, TimeSpan window) =>
        string.Create(CultureInfo.InvariantCulture, $", {name}={window.Ticks / TimeSpan.TicksPerSecond}");
}
