using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>Puts a key together from what the application says and from what the client says, so that the two can always be told apart.</summary>
internal ref struct KeyWriter(Span<char> buffer, bool ignoresCase)
{
    /// <summary>Enough for most keys; longer ones go on in a rented buffer.</summary>
    public const int BufferLength = 256;

    // A value must not look like a piece of the template, nor of the query, nor like a cluster's hash tag. '%' itself is escaped so that no two values become one.
    private static readonly SearchValues<char> Special = SearchValues.Create("%:{}&");

    private DefaultInterpolatedStringHandler _key = new(0, 0, CultureInfo.InvariantCulture, buffer);

    /// <summary>What the application says stands as it is.</summary>
    public void AppendLiteral(string text) => _key.AppendLiteral(text);

    /// <summary>What the client says is escaped.</summary>
    public void AppendValue(string text)
    {
        var rest = (ignoresCase ? text.ToLowerInvariant() : text).AsSpan();
        for (var index = rest.IndexOfAny(Special); index >= 0; index = rest.IndexOfAny(Special))
        {
            _key.AppendFormatted(rest[..index]);
            _key.AppendLiteral(rest[index] switch { '%' => "%25", ':' => "%3A", '{' => "%7B", '}' => "%7D", _ => "%26" });
            rest = rest[(index + 1)..];
        }

        _key.AppendFormatted(rest);
    }

    /// <summary>Gives the buffer back, and the key.</summary>
    public string ToKey()
    {
        var key = RecentTexts.Of(_key.Text);
        _key.Clear();
        return key;
    }
}
