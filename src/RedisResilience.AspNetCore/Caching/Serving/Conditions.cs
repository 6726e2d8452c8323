using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>What a client makes conditions of, answered for a response that is whole and here (RFC 9110, section 13.2.2).</summary>
internal static class Conditions
{
    /// <summary>Makes the response a 412 or a 304 where the client's conditions ask for that.</summary>
    /// <param name="context">The request and its response, a 200 with its fields.</param>
    /// <param name="tag">The entity tag of the response.</param>
    /// <param name="now">The current time.</param>
    /// <returns>Whether it did: the response then has no body.</returns>
    public static bool Apply(HttpContext context, string tag, DateTimeOffset now)
    {
        if (StatusFor(context.Request.Headers, context.Response.Headers, tag, now) is not { } status)
        {
            return false;
        }

        var response = context.Response;
        response.StatusCode = status;
        ReasonPhrase.Set(response, null);
        response.ContentLength = null;
        response.ContentType = null;
        response.Headers.ContentEncoding = default;
        response.Headers.ContentLanguage = default;
        return true;
    }

    /// <summary>
    /// Whether a <c>Range</c> may be answered with a part: its <c>If-Range</c> is about this very response (section 13.1.5).
    /// </summary>
    public static bool AllowsRange(HttpContext context, string tag)
    {
        var condition = context.Request.Headers.IfRange.ToString();
        return condition.Length == 0
            || EntityTags.AreSameAndStrong(condition, tag)
            || (context.Response.Headers.LastModified.ToString() is { Length: > 0 } modified && condition == modified);
    }

    private static int? StatusFor(IHeaderDictionary request, IHeaderDictionary response, string tag, DateTimeOffset now)
    {
        if (request.IfMatch.Count > 0)
        {
            if (!EntityTag.IsMatched(request.IfMatch, tag))
            {
                return StatusCodes.Status412PreconditionFailed;
            }
        }
        else if (DateOf(request.IfUnmodifiedSince, now) is { } since && DateOf(response.LastModified, now) > since)
        {
            return StatusCodes.Status412PreconditionFailed;
        }

        return request.IfNoneMatch.Count > 0
            ? EntityTag.IsNamed(request.IfNoneMatch, tag) ? StatusCodes.Status304NotModified : null
            : DateOf(request.IfModifiedSince, now) is { } held && ModifiedAt(response, now) <= held ? StatusCodes.Status304NotModified
            : null;
    }

    // What does not say when it was changed was not later than it was made (RFC 9111, section 4.3.2).
    private static DateTimeOffset? ModifiedAt(IHeaderDictionary response, DateTimeOffset now) =>
        response.LastModified.Count > 0 ? DateOf(response.LastModified, now) : DateOf(response.Date, now) ?? now;

    // Null: there is none, or none that can be read.
    private static DateTimeOffset? DateOf(in StringValues field, DateTimeOffset now) =>
        field.Count == 1 && HttpDate.TryParse(field[0], now, out var date) ? date : null;
}
