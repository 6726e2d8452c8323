using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Makes keys from a template such as <c>predictions:v1:{symbol}</c>, whose placeholders are route values.</summary>
internal sealed class CacheKeyTemplate
{
    // A value must not look like a piece of the template, nor like a cluster's hash tag. '%' itself is escaped so that no two values become one.
    private static readonly SearchValues<char> Special = SearchValues.Create("%:{}");

    private readonly (string Literal, string? Name)[] _parts;

    private CacheKeyTemplate((string, string?)[] parts) => _parts = parts;

    /// <exception cref="ArgumentException">The template is empty, or its braces are not in order.</exception>
    public static CacheKeyTemplate Parse(string template)
    {
        ArgumentException.ThrowIfNullOrEmpty(template);
        List<(string, string?)> parts = [];
        var rest = template.AsSpan();
        while (rest.Length > 0)
        {
            var open = rest.IndexOfAny('{', '}');
            if (open < 0)
            {
                parts.Add((rest.ToString(), null));
                break;
            }

            var close = rest[(open + 1)..].IndexOfAny('{', '}') + open + 1;
            if (rest[open] == '}' || close == open || rest[close] == '{')
            {
                throw new ArgumentException($"The braces of the key template '{template}' are not in pairs.", nameof(template));
            }

            var name = rest[(open + 1)..close];
            if (name.IsWhiteSpace())
            {
                throw new ArgumentException($"A placeholder of the key template '{template}' has no name.", nameof(template));
            }

            parts.Add((rest[..open].ToString(), name.ToString()));
            rest = rest[(close + 1)..];
        }

        return new CacheKeyTemplate([.. parts]);
    }

    /// <summary>The key of a request; null when one of the route values is missing.</summary>
    public string? Format(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var key = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        foreach (var (literal, name) in _parts)
        {
            key.AppendLiteral(literal);
            if (name is null)
            {
                continue;
            }

            if (!values.TryGetValue(name, out var value) || Convert.ToString(value, CultureInfo.InvariantCulture) is not { Length: > 0 } text)
            {
                key.Clear();
                return null;
            }

            Append(ref key, text);
        }

        return key.ToStringAndClear();
    }

    private static void Append(ref DefaultInterpolatedStringHandler key, ReadOnlySpan<char> text)
    {
        for (var index = text.IndexOfAny(Special); index >= 0; index = text.IndexOfAny(Special))
        {
            key.AppendFormatted(text[..index]);
            key.AppendLiteral(text[index] switch { '%' => "%25", ':' => "%3A", '{' => "%7B", _ => "%7D" });
            text = text[(index + 1)..];
        }

        key.AppendFormatted(text);
    }
}
