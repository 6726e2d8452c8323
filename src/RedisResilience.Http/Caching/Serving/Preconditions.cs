using RedisResilience.Http.Caching.Entries;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Serving;

/// <summary>What a request says about what its sender has already, and which part it wants (RFC 9110, sections 13 and 14).</summary>
internal static class Preconditions
{
    private const int Ok = 200;

    /// <summary>Whether the sender has this response already. A tag says more than a date: where there is one, the date does not count.
    /// A response that does not say when it was changed was not later than it was made (RFC 9111, section 4.3.2).</summary>
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

    /// <summary>The one range that is asked for, if the sender's part is of this response; null: the whole is.</summary>
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
