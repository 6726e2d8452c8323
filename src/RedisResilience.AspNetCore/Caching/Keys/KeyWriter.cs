using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>
/// Builds a key from texts of the application and texts of the client, so that the two can always be distinguished.
/// </summary>
internal ref struct KeyWriter(Span<char> buffer, bool ignoresCase)
{
    /// <summary>Enough for most keys; longer ones go on in a rented buffer.</summary>
    public const int BufferLength = 256;

    // A value must not look like a piece of the template, nor of the query, nor like a cluster's hash tag. '%' itself is escaped so that no
    // two values become one.
    private static readonly SearchValues<char> OfValue = SearchValues.Create("%:{}&");

    // Behind a colon these begin a part that is appended to a name.
    private const string Marks = "?@=~!;+";

    private DefaultInterpolatedStringHandler _key = new(0, 0, CultureInfo.InvariantCulture, buffer);

    /// <summary>What the application says stands as it is.</summary>
    public void AppendLiteral(string text) => _key.AppendLiteral(text);

    /// <summary>What the client says is escaped.</summary>
    public void AppendValue(string text) => AppendEscaped(ignoresCase ? text.ToLowerInvariant() : text, OfValue);

    /// <summary>What never differs by case, such as a host, is in lower case.</summary>
    public void AppendCaseless(string text) => AppendEscaped(text.ToLowerInvariant(), OfValue);

    /// <summary>
    /// A key that a function returns. All of it may come from a client, so none of it may look like the parts that are appended.
    /// </summary>
    public void AppendName(string text)
    {
        var isBehindColon = false;
        foreach (var letter in text)
        {
            if (letter == '%' || (isBehindColon && Marks.Contains(letter)))
            {
                AppendEscaped(letter);
            }
            else
            {
                _key.AppendFormatted(letter);
            }

            isBehindColon = letter == ':';
        }
    }

    /// <summary>Gives the buffer back, and the key.</summary>
    public string ToKey()
    {
        var key = RecentTexts.Of(_key.Text);
        _key.Clear();
        return key;
    }

    private void AppendEscaped(string text, SearchValues<char> special)
    {
        var rest = text.AsSpan();
        for (var index = rest.IndexOfAny(special); index >= 0; index = rest.IndexOfAny(special))
        {
            _key.AppendFormatted(rest[..index]);
            AppendEscaped(rest[index]);
            rest = rest[(index + 1)..];
        }

        _key.AppendFormatted(rest);
    }

    private void AppendEscaped(char letter)
    {
        _key.AppendFormatted('%');
        _key.AppendFormatted((int)letter, "X2");
    }
}
