using System.Globalization;
using System.Text;
using RedisResilience.Gateway.ConnectionStrings;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>
/// RFC 3986 percent-encoding of UTF-8, read strictly: unlike in a form, '+' is a plus, and a malformed escape is an error.
/// </summary>
internal static class PercentEncoding
{
    private const int EscapeLength = 3;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Decode(string text, string part)
    {
        try
        {
            var bytes = StrictUtf8.GetBytes(text);
            return StrictUtf8.GetString(Unescape(bytes, part));
        }
        catch (Exception invalid) when (invalid is EncoderFallbackException or DecoderFallbackException)
        {
            throw new MalformedConnectionStringException($"The {part} of the URL is not valid UTF-8.");
        }
    }

    /// <summary>In place: what is written never overtakes what is read.</summary>
    private static ReadOnlySpan<byte> Unescape(Span<byte> bytes, string part)
    {
        var written = 0;
        for (var read = 0; read < bytes.Length; written++)
        {
            if (bytes[read] != '%')
            {
                bytes[written] = bytes[read++];
                continue;
            }

            if (read + EscapeLength > bytes.Length
                || !byte.TryParse(
                    bytes.Slice(read + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[written]))
            {
                throw new MalformedConnectionStringException(
                    $"The {part} of the URL has a '%' without two hexadecimal digits after it. A '%' itself is '%25'.");
            }

            read += EscapeLength;
        }

        return bytes[..written];
    }
}
