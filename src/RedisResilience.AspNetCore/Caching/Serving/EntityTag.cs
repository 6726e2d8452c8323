using System.Globalization;
using System.IO.Hashing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>
/// The strong entity tag of a body: its XXH3-64 in hex, the number that the <c>DIGEST</c> command of Redis 8.4 gives for the entry.
/// </summary>
internal static class EntityTag
{
    private const int Length = 18;
    private const int LongestKept = 256;

    public static string Of(ReadOnlySpan<byte> body) => string.Create(Length, XxHash3.HashToUInt64(body), static (tag, hash) =>
    {
        tag[0] = tag[^1] = '"';
        hash.TryFormat(tag[1..^1], out _, "x16", CultureInfo.InvariantCulture);
    });

    /// <summary>Whether an endpoint has said no tag, or one that can be kept.</summary>
    public static bool IsStorable(in StringValues field) =>
        field.Count == 0 || (field is [{ Length: <= LongestKept } tag]
            && !tag.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && EntityTagHeaderValue.TryParse(tag, out _));

    /// <summary>The tag of the same body in a coding: another representation, and so another strong tag.</summary>
    public static string OfCoded(string tag, string coding) => $"{tag.AsSpan()[..^1]}-{coding}\"";

    /// <summary>The weak tag that says the same.</summary>
    public static string Weak(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag : "W/" + tag;

    /// <summary>
    /// Whether an <c>If-None-Match</c> names the tag, by weak comparison (RFC 9110, section 13.1.2). After the first malformed part,
    /// nothing matches.
    /// </summary>
    public static bool IsNamed(in StringValues ifNoneMatch, ReadOnlySpan<char> tag)
    {
        tag = tag.StartsWith("W/") ? tag[2..] : tag;
        for (var line = 0; line < ifNoneMatch.Count; line++)
        {
            if (IsNamedIn(ifNoneMatch[line].AsSpan().Trim(" \t"), tag))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an <c>If-Match</c> names the tag, by strong comparison (section 13.1.1).</summary>
    public static bool IsMatched(in StringValues ifMatch, string tag)
    {
        foreach (var line in ifMatch)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                if (FieldText.NextElement(ref rest) is var element && (element is "*" || EntityTags.AreSameAndStrong(element, tag)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsNamedIn(ReadOnlySpan<char> list, ReadOnlySpan<char> tag)
    {
        if (list is "*")
        {
            return true;
        }

        while (true)
        {
            list = list.TrimStart(" \t,");
            list = list.StartsWith("W/") ? list[2..] : list;
            var end = list.StartsWith('"') ? list[1..].IndexOf('"') + 2 : 0;
            if (end < 2)
            {
                return false;
            }

            if (list[..end].SequenceEqual(tag))
            {
                return true;
            }

            list = list[end..];
        }
    }
}
