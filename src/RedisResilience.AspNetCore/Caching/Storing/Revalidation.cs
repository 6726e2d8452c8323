using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>A stored response that is no longer fresh, and that its endpoint may confirm (RFC 9111, section 4.3).</summary>
internal sealed class Revalidation : IDisposable
{
    private readonly CachedResponse _stored;

    private Revalidation(in CachedResponse stored, string? tag, string? modified)
    {
        _stored = stored;
        EntityTag = tag;
        LastModified = modified;
    }

    /// <summary>
    /// The entity tag that the endpoint has set. Null without one. A tag that the cache has made means nothing to the endpoint.
    /// </summary>
    public string? EntityTag { get; }

    /// <summary>When it was changed, as the endpoint said; null when it did not.</summary>
    public string? LastModified { get; }

    public ReadOnlyMemory<byte> Body => _stored.Body;

    /// <summary>
    /// Takes over a stored response. If it has no validator, the response is disposed, and the result is null.
    /// </summary>
    public static Revalidation? Of(in CachedResponse stored)
    {
        var plain = stored.Decode();
        if (plain.HasBody && HttpAnnotation.IsWhole(plain.Annotation.Span))
        {
            var modified = HttpAnnotation.Find(plain.Annotation.Span, "Last-Modified");
            var tag = plain.ETag is { } own && own != Serving.EntityTag.Of(plain.Body.Span) ? own : null;
            if (tag is not null || modified is not null)
            {
                return new Revalidation(plain, tag, modified);
            }
        }

        plain.Dispose();
        return null;
    }

    /// <summary>Makes of a 304 the response that it confirms: the stored one, with the fields that the 304 has anew.</summary>
    public void Confirm(HttpResponse response)
    {
        response.StatusCode = HttpAnnotation.StatusOf(_stored.Annotation.Span);
        ReasonPhrase.Set(response, HttpAnnotation.Find(_stored.Annotation.Span, HttpAnnotation.Phrase));
        var stored = HttpAnnotation.Read(_stored.Annotation.Span);
        foreach (var (name, values) in stored)
        {
            if (!response.Headers.ContainsKey(name))
            {
                response.Headers[name] = values;
            }
        }

        // What describes the body is the stored body's.
        foreach (var name in response.Headers.Keys.Where(StoredFields.IsOfBody).ToArray())
        {
            response.Headers.Remove(name);
        }

        foreach (var (name, values) in stored.Where(field => StoredFields.IsOfBody(field.Key)))
        {
            response.Headers[name] = values;
        }

        response.Headers.ETag = EntityTag is { } tag ? tag : default(StringValues);
        response.ContentType ??= _stored.ContentType ?? "application/json; charset=utf-8";
    }

    public void Dispose() => _stored.Dispose();
}
