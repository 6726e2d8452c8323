using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>Makes keys from a template such as <c>predictions:v1:{symbol}</c>, whose placeholders are route values.</summary>
internal sealed class CacheKeyTemplate
{
    private readonly (string Literal, string? Name)[] _parts;
    private readonly bool _missingIsEmpty;

    /// <summary>What the keys begin with that no application names.</summary>
    public const string MadePrefix = "responses:";

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
        return new CacheKeyTemplate([("/" + path, null), .. values], missingIsEmpty: true);
    }

    /// <summary>The route values that the keys have.</summary>
    public IEnumerable<string> Names => _parts.Where(part => part.Name is not null).Select(part => part.Name!);

    /// <summary>
    /// The template with each parameter name left out, such as <c>quotes:{}</c>. Two templates with the same shape make the same keys.
    /// </summary>
    public string Shape => string.Concat(_parts.Select(part => part.Name is null ? part.Literal : part.Literal + "{}"));

    /// <summary>Appends the key of a request. False when one of the route values is missing.</summary>
    public bool TryAppend(ref KeyWriter key, RouteValueDictionary values)
    {
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

        if (_missingIsEmpty)
        {
            AppendOthers(ref key, values);
        }

        return true;
    }

    /// <summary>The template with a request's values as they are; null when one of them is missing.</summary>
    public string? Fill(RouteValueDictionary values, Func<string, string> transform)
    {
        var text = new StringBuilder();
        foreach (var (literal, name) in _parts)
        {
            text.Append(literal);
            if (name is null)
            {
                continue;
            }

            if (!values.TryGetValue(name, out var value)
                || Convert.ToString(value, CultureInfo.InvariantCulture) is not { Length: > 0 } part)
            {
                return null;
            }

            text.Append(transform(part));
        }

        return text.ToString();
    }

    // Values that no parameter has, such as the action of a dynamic route, select what answers as well.
    private void AppendOthers(ref KeyWriter key, RouteValueDictionary values)
    {
        List<KeyValuePair<string, object?>>? others = null;
        foreach (var value in values)
        {
            if (!Has(value.Key))
            {
                (others ??= []).Add(value);
            }
        }

        if (others is null)
        {
            return;
        }

        foreach (var (name, value) in others.OrderBy(other => other.Key, StringComparer.OrdinalIgnoreCase))
        {
            key.AppendLiteral(":;");
            key.AppendCaseless(name);
            key.AppendLiteral("=");
            key.AppendValue(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }
    }

    private bool Has(string name)
    {
        foreach (var part in _parts)
        {
            if (name.Equals(part.Name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => Escape(literal.Content),
        RoutePatternSeparatorPart separator => Escape(separator.Content),
        _ => "*",
    };

    private static string Escape(string literal) =>
        literal.Replace("%", "%25", StringComparison.Ordinal).Replace("*", "%2A", StringComparison.Ordinal)
            .Replace(":", "%3A", StringComparison.Ordinal)
            .Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal);
}
