using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>
/// The representation of a stored body that a client is given: as it is stored, or decoded for a client that does not take its coding.
/// </summary>
internal readonly struct StoredBody
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ContentEncoding _stored;
    private readonly bool _isDecoded;

    private StoredBody(ReadOnlyMemory<byte> bytes, ContentEncoding stored, bool isDecoded, string tag)
    {
        _bytes = bytes;
        _stored = stored;
        _isDecoded = isDecoded;
        Tag = tag;
    }

    /// <summary>The entity tag of this representation.</summary>
    public string Tag { get; }

    public int Length => _bytes.Length;

    /// <summary>Whether it is decoded as it is sent, so that nobody knows where a part of it stands.</summary>
    public bool IsDecoded => _isDecoded;

    /// <summary>The coding that a response has, if it is one that can be decoded here; else none.</summary>
    public static ContentEncoding CodingOf(in StringValues codings) =>
        codings.ToString() switch { "gzip" => ContentEncoding.Gzip, "br" => ContentEncoding.Brotli, _ => ContentEncoding.Identity };

    /// <summary>The entity tag of the representation that a client would be given.</summary>
    public static string TagOf(HttpRequest request, in CachedResponse cached) =>
        IsCodedFor(request, cached) ? EntityTag.OfCoded(PlainTagOf(cached), CodingOf(cached)) : PlainTagOf(cached);

    /// <summary>Chooses, and says so in the header fields.</summary>
    public static StoredBody Choose(HttpContext context, in CachedResponse cached)
    {
        var tag = PlainTagOf(cached);
        if (cached.ContentEncoding == ContentEncoding.Identity)
        {
            return new StoredBody(cached.Body, ContentEncoding.Identity, isDecoded: false, tag);
        }

        var headers = context.Response.Headers;
        ResponseFields.AddVary(headers, HeaderNames.AcceptEncoding);
        if (!IsCodedFor(context.Request, cached))
        {
            return new StoredBody(cached.Body, cached.ContentEncoding, isDecoded: true, tag);
        }

        var coding = CodingOf(cached);
        headers.ContentEncoding = coding;
        return new StoredBody(cached.Body, cached.ContentEncoding, isDecoded: false, EntityTag.OfCoded(tag, coding));
    }

    public ValueTask<FlushResult> WriteAsync(HttpContext context)
    {
        var response = context.Response;
        if (!_isDecoded)
        {
            response.ContentLength = _bytes.Length;
        }

        return HttpMethods.IsHead(context.Request.Method) ? default
            : _isDecoded ? DecodeAsync(response.BodyWriter)
            : response.BodyWriter.WriteAsync(_bytes);
    }

    /// <summary>Writes the part that a client asks for, or says that there is none.</summary>
    public ValueTask<FlushResult> WriteRangeAsync(HttpContext context, ByteRange range)
    {
        var response = context.Response;
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

    private async ValueTask<FlushResult> DecodeAsync(PipeWriter writer)
    {
        var stored = MemoryMarshal.TryGetArray(_bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(_bytes.ToArray());
        Stream decoding = _stored == ContentEncoding.Gzip
            ? new GZipStream(stored, CompressionMode.Decompress)
            : new BrotliStream(stored, CompressionMode.Decompress);
        await using (decoding.ConfigureAwait(false))
        {
            await decoding.CopyToAsync(writer.AsStream(leaveOpen: true)).ConfigureAwait(false);
            return await writer.FlushAsync().ConfigureAwait(false);
        }
    }
}
