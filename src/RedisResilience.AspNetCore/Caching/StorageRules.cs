using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Which responses everybody may be given: those that say nothing to the contrary.</summary>
internal static class StorageRules
{
    /// <summary>Why a response must not be stored, as a Cache-Status detail; null if it may be.</summary>
    public static string? Refusal(HttpContext context, CacheResponseMetadata entry, int bodyLength)
    {
        var response = context.Response;
        var headers = response.Headers;
        return response.StatusCode != StatusCodes.Status200OK ? "status"
            : headers.SetCookie.Count > 0 ? "set-cookie"
            : headers.Vary.Count > 0 ? "vary"
            : headers.ContentEncoding.Count > 0 ? "content-encoding"
            : headers.ETag.Count > 0 ? "etag"
            : !AllowsStorage(headers) ? "cache-control"
            : !IsOfType(response.ContentType, entry.MediaType) ? "media-type"
            : response.ContentLength is { } length && length != bodyLength ? "length"
            : CallerIdentity.IsAuthenticated(context) ? "authenticated"
            : context.RequestAborted.IsCancellationRequested ? "aborted"
            : null;
    }

    // What cannot be understood might forbid it.
    private static bool AllowsStorage(IHeaderDictionary headers) =>
        headers.CacheControl.Count == 0
        || (CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var control) && control is { NoStore: false, Private: false, NoCache: false });

    // A hit is sent with the entry's own type, so another charset would be a lie.
    private static bool IsOfType(string? contentType, string mediaType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
}
