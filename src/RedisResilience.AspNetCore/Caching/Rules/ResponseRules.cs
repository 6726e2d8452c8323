using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>Which responses others may be given: those that say nothing to the contrary (RFC 9111, section 3).</summary>
internal static class ResponseRules
{
    // Asked when the endpoint has returned: whoever stands further out may still code the body on its way.
    private static readonly (Reason Reason, Func<HttpResponse, CachedEndpoint, int, bool> Applies)[] OfBody =
    [
        (Reason.Vary, (response, _, _) => VaryField.Parse(response.Headers.Vary).IsAny),
        (Reason.ContentEncoding, (response, _, _) => response.Headers.ContentEncoding.Count > 1),
        (Reason.Partial, (response, _, _) => response.StatusCode == StatusCodes.Status206PartialContent
            || response.Headers.TransferEncoding.Count > 0 || response.Headers.Trailer.Count > 0),
        (Reason.MediaType, (response, _, length) => !IsTyped(response.ContentType, length)),
        (Reason.EntityTag, (response, _, _) => !EntityTag.IsStorable(response.Headers.ETag)),
        (Reason.Length, (response, _, length) => response.ContentLength is { } promised && promised != length),
    ];

    /// <summary>Whether a status says that the source has failed, so that an older response would be better.</summary>
    public static bool IsFailure(int status) => status is 500 or 502 or 503 or 504;

    /// <summary>Why a response of a status is not stored; null if it may be.</summary>
    public static Reason? RefusalOfStatus(int status, CachedEndpoint endpoint, in ResponseFreshness freshness) =>
        IsStored(status, endpoint, freshness) ? null : Reason.OfStatus(status);

    /// <summary>Why the body must not be stored as it is; null if it may be.</summary>
    public static Reason? RefusalOfBody(HttpResponse response, CachedEndpoint endpoint, int bodyLength)
    {
        foreach (var (reason, applies) in OfBody)
        {
            if (applies(response, endpoint, bodyLength))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Why others must not be given the response; null if they may be. Asked as it starts: much comes late.</summary>
    public static Reason? RefusalOfSharing(int status, CachedEndpoint endpoint, in ResponseFreshness freshness) =>
        RefusalOfStatus(status, endpoint, freshness)
        ?? (freshness.ForbidsStorage || (freshness.IsPrivate && !endpoint.Entry.IsPerUser) ? Reason.CacheControl : null);

    /// <summary>Whether a type is what plain entries are known to be: these need no header of their own.</summary>
    public static bool IsPlainJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && type.Parameters.Count == (type.Charset.HasValue ? 1 : 0)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    // 200, what the builder names, and what says itself how long it is fresh.
    private static bool IsStored(int status, CachedEndpoint endpoint, in ResponseFreshness freshness) =>
        status == StatusCodes.Status200OK
        || endpoint.Entry.Statuses.ContainsKey(status)
        || (freshness.IsExplicit
            && status >= 200
            && status is not (StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified));

    // What is sent without a type is left to each client's guess: a hit could not say so.
    private static bool IsTyped(string? contentType, int bodyLength) =>
        bodyLength == 0 ? string.IsNullOrEmpty(contentType) || IsCleanType(contentType) : IsCleanType(contentType);

    private static bool IsCleanType(string? contentType) =>
        contentType is { Length: > 0 and <= 256 }
            && !contentType.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && MediaTypeHeaderValue.TryParse(contentType, out _);
}
