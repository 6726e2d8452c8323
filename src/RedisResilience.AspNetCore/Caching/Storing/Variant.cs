using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// One of several responses of an endpoint for one key, selected by request fields that its <c>Vary</c> names (RFC 9111, section 4.1). The
/// first stored response has the key and a mark. The others have keys of their own and the same mark, so they become void when the first
/// one is removed or replaced.
/// </summary>
internal static class Variant
{
    /// <summary>The fields beside the key's that a response varies by (RFC 9111, section 4.1).</summary>
    /// <param name="response">The response.</param>
    /// <param name="endpoint">The endpoint, with the fields that its key has.</param>
    /// <param name="own">The fields that the endpoint names, and not somebody further out.</param>
    /// <param name="isCodedOtherwise">Whether the body is in a coding that is not known here.</param>
    /// <param name="variants">Takes the fields.</param>
    /// <returns>Whether the response can be stored at all.</returns>
    public static bool TryFind(
        HttpResponse response, CachedEndpoint endpoint, IReadOnlyList<string> own, bool isCodedOtherwise, List<string> variants)
    {
        var vary = VaryField.Parse(response.Headers.Vary);
        foreach (var name in vary.Names)
        {
            // A body in a coding that is known here is given to whom takes it, and decoded for all others.
            if ((name == "accept-encoding" && !isCodedOtherwise) || endpoint.VariesBy(name))
            {
                continue;
            }

            if (own.Contains(name) && !StoredHeaders.Secret.Contains(name))
            {
                variants.Add(name);
            }
            else if (name != "origin" || own.Contains(name))
            {
                // Only what serves other origins does so on a hit as well.
                return false;
            }
        }

        return !vary.IsAny;
    }

    /// <summary>What the cache has to remember of a variant.</summary>
    /// <param name="request">The request that the response answers.</param>
    /// <param name="variants">The fields that it varies by beside the key's.</param>
    /// <param name="parent">The mark of the entry that has the key; null: this one is that entry.</param>
    public static IEnumerable<KeyValuePair<string, StringValues>> Marks(HttpRequest request, List<string> variants, string? parent)
    {
        if (variants.Count > 0)
        {
            yield return new(HttpAnnotation.Vary, $"{string.Join(',', variants)} {Digest(request, variants)}");
        }

        if (variants.Count > 0 || parent is not null)
        {
            yield return new(HttpAnnotation.Of, parent ?? Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Whether a stored response is the variant that a request wants; null, or else the one that it does want.</summary>
    public static string? OtherThan(in CachedResponse cached, HttpRequest request)
    {
        if (HttpAnnotation.Find(cached.Annotation.Span, HttpAnnotation.Vary) is not { } description)
        {
            return null;
        }

        var space = description.IndexOf(' ', StringComparison.Ordinal);
        var wanted = Digest(request, description[..Math.Max(space, 0)].Split(','));
        return description.AsSpan(space + 1).SequenceEqual(wanted) ? null : wanted;
    }

    /// <summary>The mark of the first variant; null for what has none.</summary>
    public static string? MarkOf(in CachedResponse cached) => HttpAnnotation.Find(cached.Annotation.Span, HttpAnnotation.Of);

    private static string Digest(HttpRequest request, IReadOnlyList<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            // A field that is not there is another than an empty one.
            var lines = request.Headers[name];
            text.Append(lines.Count == 0 ? "-" : "+").Append(' ').Append(VaryField.Normalize(name, lines)).Append('\n');
        }

        return Convert.ToHexStringLower(XxHash128.Hash(MemoryMarshal.AsBytes(text.ToString().AsSpan())));
    }
}
