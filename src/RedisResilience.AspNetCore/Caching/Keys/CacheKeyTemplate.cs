using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>Makes keys from a template such as <c>predictions:v1:{symbol}</c>, whose placeholders are route values.</summary>
internal sealed class CacheKeyTemplate
{
    private readonly (string Literal, string? Name)[] _parts;
    private readonly bool _missingIsEmpty;

    private CacheKeyTemplate((string, string?)[] parts, bool missingIsEmpty)
    {
        _parts = parts;
        _missingIsEmpty = missingIsEmpty;
    }

    /// <summary>What all the keys begin with.</summary>
    public string Prefix => _parts[0].Literal;

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

        return new CacheKeyTemplate([.. parts], missingIsEmpty: false);
    }

    /// <summary>Keys for an endpoint that names none: its route pattern with <c>*</c> for the parameters, and then their values.</summary>
    public static CacheKeyTemplate Of(RoutePattern pattern)
    {
        var path = string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Describe))));
        (string, string?)[] values = [.. pattern.Parameters.Select(parameter => (":", (string?)parameter.Name))];
        return new CacheKeyTemplate([("responses:/" + path, null), .. values], missingIsEmpty: true);
    }

    /// <summary>Appends the key of a request. False when one of the route values is missing.</summary>
    public bool TryAppend(ref KeyWriter key, HttpContext context)
    {
        var values = context.Request.RouteValues;
        foreach (var (literal, name) in _parts)
        {
            key.AppendLiteral(literal);
            if (name is null)
            {
                continue;
            }

            if (values.TryGetValue(name, out var value) && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text)
            {
                key.AppendValue(text);
            }
            else if (!_missingIsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private static string Describe(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => Escape(literal.Content),
        RoutePatternSeparatorPart separator => Escape(separator.Content),
        _ => "*",
    };

    private static string Escape(string literal) =>
        literal.Replace("%", "%25", StringComparison.Ordinal).Replace("*", "%2A", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)
            .Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal);
}
