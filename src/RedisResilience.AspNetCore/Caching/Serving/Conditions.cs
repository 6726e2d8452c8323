using Microsoft.AspNetCore.Http;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>What a client makes conditions of, answered for a response that is whole and here (RFC 9110, section 13.2.2).</summary>
internal static class Conditions
{
    /// <summary>Makes the response a 412 or a 304 where the client's conditions ask for that.</summary>
    /// <param name="context">The request and its response, a 200 with its fields.</param>
    /// <param name="tag">The entity tag of the response.</param>
    /// <returns>Whether it did: the response then has no body.</returns>
    public static bool Apply(HttpContext context, string tag)
    {
        if (StatusFor(context.Request.Headers, context.Response.Headers, tag) is not { } status)
        {
            return false;
        }

        var response = context.Response;
        response.StatusCode = status;
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

    private static int? StatusFor(IHeaderDictionary request, IHeaderDictionary response, string tag)
    {
        if (request.IfMatch.Count > 0)
        {
            if (!EntityTag.IsMatched(request.IfMatch, tag))
            {
                return StatusCodes.Status412PreconditionFailed;
            }
        }
        else if (request.IfUnmodifiedSince.Count > 0 && Modified(request.IfUnmodifiedSince.ToString(), response) > 0)
        {
            return StatusCodes.Status412PreconditionFailed;
        }

        return request.IfNoneMatch.Count > 0
            ? EntityTag.IsNamed(request.IfNoneMatch, tag) ? StatusCodes.Status304NotModified : null
            : request.IfModifiedSince.Count > 0 && Modified(request.IfModifiedSince.ToString(), response) <= 0
                ? StatusCodes.Status304NotModified
            : null;
    }

    // Whether the response was changed after a date (more than 0) or not; null when one of the dates is none.
    private static int? Modified(string since, IHeaderDictionary response) =>
        response.LastModified.Count > 0
        && HttpDate.TryParse(since, DateTimeOffset.MaxValue.AddYears(-100), out var asked)
        && HttpDate.TryParse(response.LastModified.ToString(), DateTimeOffset.MaxValue.AddYears(-100), out var modified)
            ? modified.CompareTo(asked)
            : null;
}
