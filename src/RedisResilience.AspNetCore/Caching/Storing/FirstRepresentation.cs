using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>What the client whose request runs the endpoint is given: the same as those after it.</summary>
internal static class FirstRepresentation
{
    /// <summary>Gives a 200 its tag and length, and makes it a 304 or 412 where the client's conditions ask for that.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="body">What the endpoint has written.</param>
    /// <param name="coding">How that is coded.</param>
    /// <param name="isCodedOtherwise">Whether it is in a coding that is not known here.</param>
    /// <param name="now">The current time.</param>
    public static void Show(
        HttpContext context, ReadOnlyMemory<byte> body, ContentEncoding coding, bool isCodedOtherwise, DateTimeOffset now)
    {
        var (response, headers) = (context.Response, context.Response.Headers);
        if (response.StatusCode != StatusCodes.Status200OK)
        {
            return;
        }

        // Somebody further out codes the body: what the client gets is another representation, which only the weak tag is true for.
        var isCodedHere = coding != ContentEncoding.Identity;
        var isCodedOutside = headers.ContentEncoding.Count > (isCodedHere || isCodedOtherwise ? 1 : 0);
        var tag = headers.ETag.Count > 0 ? headers.ETag.ToString() : EntityTag.Of(body.Span);
        tag = isCodedHere ? EntityTag.OfCoded(tag, headers.ContentEncoding[0]!) : tag;
        headers.ETag = isCodedOutside ? EntityTag.Weak(tag) : tag;
        if (!isCodedOutside && body.Length > 0)
        {
            response.ContentLength = body.Length;
        }

        Conditions.Apply(context, tag, now);
    }
}
