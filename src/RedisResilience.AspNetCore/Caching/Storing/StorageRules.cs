using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RedisResilience.AspNetCore.Caching.Serving;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Which responses others may be given: those that say nothing to the contrary (RFC 9111, section 3).</summary>
internal static class StorageRules
{
    /// <summary>Whether a response's status is one that is stored.</summary>
    public static bool IsStored(int status, CacheResponseMetadata entry) => status == StatusCodes.Status200OK || entry.Statuses.ContainsKey(status);

    /// <summary>Whether a status says that the source has failed, so that an older response would be better.</summary>
    public static bool IsFailure(int status) => status is 500 or 502 or 503 or 504;

    /// <summary>Why the body must not be stored as it is, as a Cache-Status detail; null if it may be. Asked when the endpoint has returned: others may still code the body on its way.</summary>
    public static string? RefusalOfBody(HttpResponse response, CacheResponseMetadata entry, int bodyLength)
    {
        var headers = response.Headers;
        return !IsCovered(headers.Vary.ToString(), entry) ? "vary"
            : headers.ContentEncoding.Count > 0 ? "content-encoding"
            : headers.ContentRange.Count > 0 || headers.TransferEncoding.Count > 0 || headers.Trailer.Count > 0 ? "partial"
            : !IsTyped(response.ContentType, bodyLength) ? "media-type"
            : !EntityTag.IsStorable(headers.ETag) ? "etag"
            : response.ContentLength is { } length && length != bodyLength ? "length"
            : null;
    }

    /// <summary>Why others must not be given the response, as a Cache-Status detail; null if they may be. Asked when the response starts: cookies come late.</summary>
    public static string? RefusalOfSharing(HttpContext context, CacheResponseMetadata entry, in ResponseDirectives directives)
    {
        var response = context.Response;
        return !IsStored(response.StatusCode, entry) ? "status"
            : response.Headers.SetCookie.Count > 0 ? "set-cookie"
            : directives.ForbidsStorage || directives.FreshFor == TimeSpan.Zero || (directives.IsPrivate && !entry.IsPerUser) ? "cache-control"
            : !entry.IsForAllUsers && !entry.IsPerUser && CallerIdentity.IsAuthenticated(context) ? "authenticated"
            : null;
    }

    /// <summary>Whether a type is what plain entries are known to be: these need no header of their own.</summary>
    public static bool IsPlainJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && type.Parameters.Count == (type.Charset.HasValue ? 1 : 0)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    // What is sent without a type is left to each client's guess: a hit could not say so.
    private static bool IsTyped(string? contentType, int bodyLength) =>
        bodyLength == 0 ? string.IsNullOrEmpty(contentType) || IsCleanType(contentType) : IsCleanType(contentType);

    private static bool IsCleanType(string? contentType) =>
        contentType is { Length: > 0 and <= 256 } && !contentType.AsSpan().ContainsAnyExceptInRange(' ', '~') && MediaTypeHeaderValue.TryParse(contentType, out _);

    // Section 4.1: the key must have whatever the response varies by. An asterisk is never covered.
    private static bool IsCovered(string vary, CacheResponseMetadata entry)
    {
        foreach (var part in vary.AsSpan().Split(','))
        {
            var name = vary.AsSpan(part).Trim(" \t");
            if (!name.IsEmpty && !entry.VariesBy(name))
            {
                return false;
            }
        }

        return true;
    }
}
