using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// The status and the header fields that are stored with a body, one in each line (<c>404</c>, <c>content-language: de</c>).
/// </summary>
/// <remarks>
/// A 200 without such fields needs no annotation. The notes of the cache come before the fields, under names that no field has:
/// <c>:vary</c> and <c>:of</c> (see <see cref="Variant"/>), <c>:public</c> (see <see cref="KnownCallers"/>), and <c>:reason</c>, a reason
/// phrase that is not the usual one of the status.
/// </remarks>
internal static class HttpAnnotation
{
    public const string Vary = ":vary";
    public const string Of = ":of";
    public const string Phrase = ":reason";
    public const string Public = ":public";

    private const byte LineFeed = (byte)'\n';

    private static ReadOnlySpan<byte> Separator => ": "u8;

    /// <summary>
    /// Writes the annotation. False if the fields are too long, or one of them contains invalid characters.
    /// </summary>
    public static bool TryWrite(int status, IReadOnlyList<KeyValuePair<string, StringValues>> fields, out ReadOnlyMemory<byte> annotation)
    {
        annotation = default;
        if (fields.Count == 0 && status == StatusCodes.Status200OK)
        {
            return true;
        }

        var lines = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{status}").Append('\n');
        foreach (var (name, values) in fields)
        {
            foreach (var value in values)
            {
                if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                {
                    return false;
                }

                lines.Append(name).Append(": ").Append(value).Append('\n');
            }
        }

        annotation = Encoding.ASCII.GetBytes(lines.ToString());
        return annotation.Length <= SourceResponse.MaximumAnnotationLength;
    }

    /// <summary>Whether these bytes are such an annotation, or none at all. Another program's may be something else.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> annotation)
    {
        if (annotation.IsEmpty)
        {
            return true;
        }

        if (annotation[^1] != LineFeed || !TryReadStatus(ref annotation, out _))
        {
            return false;
        }

        while (!annotation.IsEmpty)
        {
            var line = NextLine(ref annotation);
            var end = line.IndexOf(Separator);
            if (end < 1 || line.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0 || !AnnotationName.IsValid(line[..end]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The status of the response; 0 when the annotation says none.</summary>
    public static int StatusOf(ReadOnlySpan<byte> annotation) => annotation.IsEmpty ? StatusCodes.Status200OK
        : annotation.Contains(LineFeed) && TryReadStatus(ref annotation, out var status) ? status
        : 0;

    /// <summary>
    /// The first value of a field, or of a note of the cache. Null if there is none. The annotation must be complete.
    /// </summary>
    public static string? Find(ReadOnlySpan<byte> annotation, ReadOnlySpan<char> name)
    {
        if (annotation.IsEmpty)
        {
            return null;
        }

        NextLine(ref annotation);
        while (!annotation.IsEmpty)
        {
            var line = NextLine(ref annotation);
            var end = line.IndexOf(Separator);
            if (name[0] == ':' && line[0] != ':')
            {
                return null;
            }

            if (Ascii.EqualsIgnoreCase(line[..end], name))
            {
                return RecentTexts.Of(line[(end + Separator.Length)..]);
            }
        }

        return null;
    }

    /// <summary>All lines of a field; the annotation must be whole.</summary>
    public static StringValues Lines(ReadOnlySpan<byte> annotation, string name) => Read(annotation).GetValueOrDefault(name);

    /// <summary>The fields; the annotation must be whole.</summary>
    public static Dictionary<string, StringValues> Read(ReadOnlySpan<byte> annotation)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        while (TryReadField(ref annotation, out var name, out var value))
        {
            fields[name] = fields.TryGetValue(name, out var others) ? StringValues.Concat(others, value) : value;
        }

        return fields;
    }

    /// <summary>Puts status and fields on a response, over what stands there; the annotation must be whole.</summary>
    public static void Apply(ReadOnlySpan<byte> annotation, HttpResponse response)
    {
        if (annotation.IsEmpty)
        {
            return;
        }

        response.StatusCode = StatusOf(annotation);
        if (Find(annotation, Phrase) is { } phrase)
        {
            ReasonPhrase.Set(response, phrase);
        }

        var headers = response.Headers;
        string? last = null;
        while (TryReadField(ref annotation, out var name, out var value))
        {
            if (name.Equals("Vary", StringComparison.OrdinalIgnoreCase))
            {
                ResponseFields.AddVary(headers, value);
                continue;
            }

            // Lines of one field stand together, and cookies beside those that somebody else has set.
            headers[name] = name == last || StoredHeaders.IsCookie(name) ? StringValues.Concat(headers[name], value) : value;
            last = name;
        }
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> annotation, out string name, out string value)
    {
        while (!annotation.IsEmpty)
        {
            var line = NextLine(ref annotation);
            var end = line.IndexOf(Separator);
            if (end > 0 && line[0] != ':')
            {
                name = RecentTexts.Of(line[..end]);
                value = RecentTexts.Of(line[(end + Separator.Length)..]);
                return true;
            }
        }

        name = value = "";
        return false;
    }

    private static bool TryReadStatus(ref ReadOnlySpan<byte> annotation, out int status) =>
        int.TryParse(NextLine(ref annotation), NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 200 and <= 599;

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf(LineFeed);
        var line = rest[..end];
        rest = rest[(end + 1)..];
        return line;
    }
}
