using RedisResilience.Http.Caching.Entries;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Serving;

/// <summary>Evaluates the conditions and the range of a request (RFC 9110, sections 13 and 14).</summary>
internal static class Preconditions
{
    private const int Ok = 200;

    /// <summary>Whether the client has this response already. A tag takes precedence over a date. For a response without
    /// <c>Last-Modified</c>, its <c>Date</c> counts (RFC 9111, section 4.3.2).</summary>
    public static bool AreHeld(StoredResponse stored, CacheCall call)
    {
        var headers = call.Request.Headers;
        if (stored.Status != Ok)
        {
            return false;
        }

        return headers.Has("If-None-Match")
            ? EntityTags.Contains(headers.Lines("If-None-Match"), stored.First("ETag"))
            : headers.Has("If-Modified-Since")
                && Date(headers.Lines("If-Modified-Since").FirstOrDefault(), stored) is { } since
                && Date(stored.First("Last-Modified") ?? stored.First("Date"), stored) is { } modified
                && modified <= since;
    }

    /// <summary>The range to serve. Null if the complete response is to be served.</summary>
    public static ByteRange? Range(StoredResponse stored, CacheCall call)
    {
        var headers = call.Request.Headers;
        return stored.Status == Ok && !call.IsHead && call.HasRange
            && ByteRange.TryParse(string.Join(", ", headers.Lines("Range")), out var range)
            && (!headers.Has("If-Range") || IsSame(stored, headers.Lines("If-Range").FirstOrDefault() ?? ""))
                ? range
                : null;
    }

    private static bool IsSame(StoredResponse stored, string ifRange) =>
        EntityTags.AreSameAndStrong(ifRange, stored.First("ETag"))
            || (stored.First("Last-Modified") is { } modified && modified == ifRange);

    private static DateTimeOffset? Date(string? text, StoredResponse stored) =>
        HttpDate.TryParse(text, stored.StoredAt, out var date) ? date : null;
}
