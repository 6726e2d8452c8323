using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>Answers from the cache: the bytes go from Redis to the client as they are.</summary>
internal static class CacheHit
{
    private const string PlainType = "application/json; charset=utf-8";

    /// <summary>Whether an entry is a response that can be sent. Another program's may not be.</summary>
    public static bool CanServe(in CachedResponse cached) =>
        (cached.HasBody || cached.IsUnchanged)
        && HttpAnnotation.IsWhole(cached.Annotation.Span)
        && (cached.Body.IsEmpty || MayHaveBody(HttpAnnotation.StatusOf(cached.Annotation.Span)));

    /// <summary>Whether a 304 is all that a client needs.</summary>
    public static bool IsHeld(HttpRequest request, in CachedResponse cached) =>
        request.Headers.IfMatch.Count == 0
        && HttpAnnotation.StatusOf(cached.Annotation.Span) == StatusCodes.Status200OK
        && EntityTag.IsNamed(request.Headers.IfNoneMatch, StoredBody.TagOf(request, cached));

    public static ValueTask<FlushResult> WriteAsync(
        HttpContext context, in CacheLookup lookup, in CachedResponse cached, string cacheStatus, HttpCacheServices services)
    {
        var response = context.Response;
        HttpAnnotation.Apply(cached.Annotation.Span, response);
        var isNegative = response.StatusCode != StatusCodes.Status200OK;
        var isExplicit = lookup.Entry.AnnouncesFreshness
            && cached.Annotation.Length > 0
            && ResponseFreshness.IsSaidBy(response.Headers, lookup.Entry.TargetedFields);
        ResponseFields.Write(response, lookup.Endpoint!, TotalOf(lookup, cached), isExplicit);
        response.Headers[CacheStatus.Field] = cacheStatus;
        WriteAge(response, lookup, cached, services.Time);
        var body = StoredBody.Choose(context, cached);
        if (body.Length == 0 && isNegative)
        {
            // Not started: whoever gives bare statuses a page further out does so for this one too.
            return default;
        }

        response.ContentType = cached.ContentType is { Length: > 0 } type ? type : cached.Body.IsEmpty && cached.HasBody ? null : PlainType;
        if (!isNegative)
        {
            var tag = IsCompressedOutside(context, services) ? EntityTag.Weak(body.Tag) : body.Tag;
            response.Headers.ETag = tag;
            if (Conditions.Apply(context, tag, services.Time.GetUtcNow()))
            {
                return default;
            }

            if (RangeOf(context, tag) is { } range)
            {
                return body.WriteRangeAsync(context, range);
            }
        }

        // Without a body it is not started here, and those further out may still say something of it.
        return body.Length == 0 ? default : body.WriteAsync(context);
    }

    private static bool MayHaveBody(int status) =>
        status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    // Whoever codes bodies further out does so by the type of this one, and only where its middleware stands.
    private static bool IsCompressedOutside(HttpContext context, HttpCacheServices services) =>
        services.Compression is { } compression
        && context.Response.Headers.ContentEncoding.Count == 0
        && context.Features.Get<IHttpsCompressionFeature>() is not null
        && compression.GetCompressionProvider(context) is not null
        && compression.ShouldCompressResponse(context);

    private static ByteRange? RangeOf(HttpContext context, string tag) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Headers.Range is [{ } text]
        && ByteRange.TryParse(text, out var range)
        && Conditions.AllowsRange(context, tag)
            ? range
            : null;

    // The age counts from when the origin made the response; its date is of that time, and not of now.
    private static void WriteAge(HttpResponse response, in CacheLookup lookup, in CachedResponse cached, TimeProvider time)
    {
        if (ResidentAgeOf(lookup, cached) is not { } resident)
        {
            return;
        }

        var headers = response.Headers;
        var initial = headers.Age.Count > 0 ? AgeField.Parse(headers.Age) : TimeSpan.Zero;
        Span<char> text = stackalloc char[32];
        AgeField.Format(initial + resident).TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        headers.Age = RecentTexts.Of(text[..length]);
        if (headers.Date.Count == 0 && resident >= TimeSpan.FromSeconds(1))
        {
            (time.GetUtcNow() - resident).TryFormat(text, out length, "r", CultureInfo.InvariantCulture);
            headers.Date = RecentTexts.Of(text[..length]);
        }
    }

    // An entry may have more time than this process would give it: its time to live was another when it was stored.
    private static TimeSpan? ResidentAgeOf(in CacheLookup lookup, in CachedResponse cached)
    {
        var age = cached.Age
            ?? (cached.TimeToLive is { } remaining && cached.Outcome == CacheOutcome.Hit ? lookup.TimeToLive - remaining : null);
        return age < TimeSpan.Zero ? TimeSpan.Zero : age;
    }

    private static TimeSpan TotalOf(in CacheLookup lookup, in CachedResponse cached) =>
        cached is { Age: { } age, TimeToLive: { } remaining } ? age + remaining : lookup.TimeToLive;
}
