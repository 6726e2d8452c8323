using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// One of the responses that an endpoint has for one key, chosen by fields that only its <c>Vary</c> names (RFC 9111, section 4.1). The first one that is stored has the key, with
/// a mark of its own; the others stand beside it and have its mark too, so that they are void as soon as it is removed or replaced.
/// </summary>
internal static class Variant
{
    /// <summary>Describes the variant that a response is.</summary>
    /// <param name="request">The request that it answers.</param>
    /// <param name="names">The fields that it varies by, in lower case.</param>
    public static string Describe(HttpRequest request, IReadOnlyList<string> names) => $"{string.Join(',', names)} {Digest(request, names)}";

    /// <summary>A mark that no other response has.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

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
