using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>The fields that tell other caches about a response, the same on a hit and on a miss.</summary>
internal static class ResponseFields
{
    /// <param name="response">The response, with all that the endpoint said.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="timeToLive">How long the response is fresh in all.</param>
    /// <param name="isExplicit">Whether the response says itself how long that is.</param>
    public static void Write(HttpResponse response, CachedEndpoint endpoint, TimeSpan timeToLive, bool isExplicit)
    {
        var headers = response.Headers;
        if (endpoint.Vary is { } vary)
        {
            AddVary(headers, vary);
        }

        if (headers.CacheControl.Count == 0)
        {
            if (endpoint.Entry.AnnouncesFreshness && !isExplicit)
            {
                headers.CacheControl = Announcement(endpoint.Entry, timeToLive, response.StatusCode == StatusCodes.Status200OK);
            }
            else if (endpoint.Entry.IsPerUser)
            {
                headers.CacheControl = "private";
            }
        }
    }

    /// <summary>Adds names to <c>Vary</c>, each once, beside those that others have set.</summary>
    public static void AddVary(IHeaderDictionary headers, StringValues names)
    {
        if (headers.Vary.Count == 0)
        {
            headers.Vary = names;
            return;
        }

        var there = VaryField.Parse(headers.Vary);
        var missing = VaryField.Parse(names).Names.Where(name => !there.Names.Contains(name)).ToArray();
        if (missing.Length > 0 && !there.IsAny)
        {
            headers.Vary = StringValues.Concat(headers.Vary, string.Join(", ", missing));
        }
    }

    private static string Announcement(CacheResponseMetadata entry, TimeSpan timeToLive, bool mayBeStale)
    {
        Span<char> text = stackalloc char[128];
        text.TryWrite(CultureInfo.InvariantCulture, $"{(entry.IsPerUser ? "private, " : "")}max-age={Seconds(timeToLive)}", out var length);
        if (mayBeStale && entry.StaleWhileRevalidate > TimeSpan.Zero)
        {
            text[length..].TryWrite(
                CultureInfo.InvariantCulture, $", stale-while-revalidate={Seconds(entry.StaleWhileRevalidate)}", out var more);
            length += more;
        }

        if (mayBeStale && entry.StaleIfError > TimeSpan.Zero)
        {
            text[length..].TryWrite(CultureInfo.InvariantCulture, $", stale-if-error={Seconds(entry.StaleIfError)}", out var more);
            length += more;
        }

        return RecentTexts.Of(text[..length]);
    }

    private static long Seconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerSecond;
}
