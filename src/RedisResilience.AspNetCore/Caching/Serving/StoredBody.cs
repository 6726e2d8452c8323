using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>
/// The body for a client: as it is stored, or decoded for a client that does not accept its coding.
/// </summary>
internal readonly struct StoredBody
{
    // Whatever the entry says, and where it does not say how long the body is without its coding.
    private const int LongestDecoded = 64 * 1024 * 1024;

    private readonly ReadOnlyMemory<byte> _bytes;

    private StoredBody(ReadOnlyMemory<byte> bytes, string tag)
    {
        _bytes = bytes;
        Tag = tag;
    }

    /// <summary>The entity tag of this representation.</summary>
    public string Tag { get; }

    public int Length => _bytes.Length;

    /// <summary>The coding that a response has, if it is one that can be decoded here; else none.</summary>
    public static ContentEncoding CodingOf(in StringValues codings) =>
        codings.ToString() switch { "gzip" => ContentEncoding.Gzip, "br" => ContentEncoding.Brotli, _ => ContentEncoding.Identity };

    /// <summary>The entity tag of the representation that a client would be given.</summary>
    public static string TagOf(HttpRequest request, in CachedResponse cached) =>
        IsCodedFor(request, cached) ? EntityTag.OfCoded(PlainTagOf(cached), CodingOf(cached)) : PlainTagOf(cached);

    /// <summary>
    /// The response for a client, decoded if the client does not accept the coding. It replaces the stored one. It is a miss if the stored
    /// bytes cannot be decoded.
    /// </summary>
    public static CachedResponse For(HttpContext context, in CachedResponse cached)
    {
        if (!cached.HasBody || cached.ContentEncoding == ContentEncoding.Identity || IsCodedFor(context.Request, cached))
        {
            return cached;
        }

        ResponseFields.AddVary(context.Response.Headers, HeaderNames.AcceptEncoding);
        var tag = PlainTagOf(cached);
        return cached.Decode(LongestDecoded) with { ETag = tag };
    }

    /// <summary>Says in the header fields how the body is coded.</summary>
    public static StoredBody Choose(HttpContext context, in CachedResponse cached)
    {
        if (cached.ContentEncoding == ContentEncoding.Identity)
        {
            return new StoredBody(cached.Body, PlainTagOf(cached));
        }

        ResponseFields.AddVary(context.Response.Headers, HeaderNames.AcceptEncoding);
        if (!IsCodedFor(context.Request, cached))
        {
            // Held by the client: there is no body that would be decoded.
            return new StoredBody(cached.Body, PlainTagOf(cached));
        }

        var coding = CodingOf(cached);
        context.Response.Headers.ContentEncoding = coding;
        return new StoredBody(cached.Body, EntityTag.OfCoded(PlainTagOf(cached), coding));
    }

    public ValueTask<FlushResult> WriteAsync(HttpContext context)
    {
        context.Response.ContentLength = _bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? default : context.Response.BodyWriter.WriteAsync(_bytes);
    }

    /// <summary>Writes the part that a client asks for, or says that there is none.</summary>
    public ValueTask<FlushResult> WriteRangeAsync(HttpContext context, ByteRange range)
    {
        var response = context.Response;
        ReasonPhrase.Set(response, null);
        if (!range.TryResolve(_bytes.Length, out var offset, out var count))
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = ContentRange.Unsatisfied(_bytes.Length);
            response.ContentLength = 0;
            response.ContentType = null;
            return default;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange = new ContentRange(offset, offset + count - 1, _bytes.Length).ToString();
        response.Headers.AcceptRanges = "bytes";
        response.ContentLength = count;
        return response.BodyWriter.WriteAsync(_bytes.Slice((int)offset, (int)count));
    }

    private static string PlainTagOf(in CachedResponse cached) => cached.ETag ?? cached.BodyETag ?? EntityTag.Of(cached.Body.Span);

    private static string CodingOf(in CachedResponse cached) => cached.ContentEncoding == ContentEncoding.Gzip ? "gzip" : "br";

    private static bool IsCodedFor(HttpRequest request, in CachedResponse cached) =>
        cached.ContentEncoding != ContentEncoding.Identity && AcceptedCodings.Accept(request.Headers.AcceptEncoding, CodingOf(cached));
}
