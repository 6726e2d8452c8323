using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>Answers from the cache: the bytes go from Redis to the client as they are.</summary>
internal static class CacheHit
{
    private const string PlainType = "application/json; charset=utf-8";

    private static readonly WholeSecondTexts Ages = new(seconds => seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether an entry is a response that can be sent. Another program's may not be.</summary>
    public static bool CanServe(in CachedResponse cached) => (cached.HasBody || cached.IsUnchanged) && HttpAnnotation.IsWhole(cached.Annotation.Span);

    /// <summary>Whether a 304 is all that a client needs.</summary>
    public static bool IsHeld(HttpRequest request, in CachedResponse cached) =>
        HttpAnnotation.StatusOf(cached.Annotation.Span) == StatusCodes.Status200OK && EntityTag.IsNamed(request.Headers.IfNoneMatch, StoredBody.TagOf(request, cached));

    public static ValueTask<FlushResult> WriteAsync(HttpContext context, in CacheLookup lookup, in CachedResponse cached, string cacheStatus, HttpCacheServices services)
    {
        var response = context.Response;
        HttpAnnotation.Apply(cached.Annotation.Span, response);
        ResponseFields.Write(response, lookup.Entry!, lookup.TimeToLive);
        response.Headers[CacheStatus.Field] = cacheStatus;
        if (AgeOf(lookup, cached) is { } age)
        {
            response.Headers.Age = Ages[age];
        }

        var body = StoredBody.Choose(context, cached);
        if (body.Length == 0 && response.StatusCode != StatusCodes.Status200OK)
        {
            // Not started: whoever gives bare statuses a page further out does so for this one too.
            return default;
        }

        response.ContentType = cached.ContentType is { Length: > 0 } type ? type : PlainType;
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = services.Compression?.CheckRequestAcceptsCompression(context) == true ? EntityTag.Weak(body.Tag) : body.Tag;
            response.Headers.ETag = tag;
            if (EntityTag.IsNamed(context.Request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentType = null;
                response.Headers.ContentEncoding = default;
                return default;
            }
        }

        return body.WriteAsync(context);
    }

    // An entry may have more time than this process would give it: its time to live was another when it was stored.
    private static TimeSpan? AgeOf(in CacheLookup lookup, in CachedResponse cached) =>
        cached.Age ?? (cached.TimeToLive is { } remaining && cached.Outcome == CacheOutcome.Hit ? lookup.TimeToLive - remaining : null);
}
