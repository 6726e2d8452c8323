using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>What is kept of a response beside its body: the status and some fields, one a line (<c>404</c>, <c>content-language: de</c>).</summary>
/// <remarks>The 200 of a response without such fields needs none.</remarks>
internal static class HttpAnnotation
{
    private const byte LineFeed = (byte)'\n';

    private static ReadOnlySpan<byte> Separator => ": "u8;

    /// <summary>Writes it. False for a response that it cannot keep: its fields are too long, or one of them is not a line of clean text.</summary>
    public static bool TryWrite(HttpResponse response, string[] names, out ReadOnlyMemory<byte> annotation)
    {
        annotation = default;
        StringBuilder? lines = null;
        foreach (var name in names)
        {
            foreach (var value in response.Headers[name])
            {
                if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                {
                    return false;
                }

                lines ??= Begin(response.StatusCode);
                lines.Append(name).Append(": ").Append(value).Append('\n');
            }
        }

        if (lines is null && response.StatusCode == StatusCodes.Status200OK)
        {
            return true;
        }

        annotation = Encoding.ASCII.GetBytes((lines ?? Begin(response.StatusCode)).ToString());
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
            if (line.IndexOf(Separator) < 1 || line.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
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

    /// <summary>Puts status and fields on a response; the annotation must be whole.</summary>
    public static void Apply(ReadOnlySpan<byte> annotation, HttpResponse response)
    {
        if (annotation.IsEmpty)
        {
            return;
        }

        TryReadStatus(ref annotation, out var status);
        response.StatusCode = status;
        while (!annotation.IsEmpty)
        {
            var line = NextLine(ref annotation);
            var end = line.IndexOf(Separator);
            response.Headers.Append(Encoding.ASCII.GetString(line[..end]), Encoding.ASCII.GetString(line[(end + Separator.Length)..]));
        }
    }

    private static bool TryReadStatus(ref ReadOnlySpan<byte> annotation, out int status) =>
        int.TryParse(NextLine(ref annotation), NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 200 and <= 599;

    private static StringBuilder Begin(int status) => new StringBuilder().Append(CultureInfo.InvariantCulture, $"{status}").Append('\n');

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf(LineFeed);
        var line = rest[..end];
        rest = rest[(end + 1)..];
        return line;
    }
}
