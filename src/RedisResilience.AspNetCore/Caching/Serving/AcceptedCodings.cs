using System.Globalization;
using Microsoft.Extensions.Primitives;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>Reads an <c>Accept-Encoding</c> (RFC 9110, section 12.5.3).</summary>
internal static class AcceptedCodings
{
    /// <summary>
    /// Whether a client prefers a coding to the plain body. A client without <c>Accept-Encoding</c> gets the plain body.
    /// </summary>
    public static bool Accept(in StringValues field, string coding)
    {
        decimal? own = null;
        decimal? plain = null;
        decimal? star = null;
        foreach (var line in field)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var item = FieldText.NextElement(ref rest);
                var semicolon = item.IndexOf(';');
                var name = semicolon < 0 ? item : FieldText.Trim(item[..semicolon]);
                var weight = semicolon < 0 ? 1 : Weight(item[(semicolon + 1)..]);
                own = name.Equals(coding, StringComparison.OrdinalIgnoreCase) ? weight : own;
                plain = name.Equals("identity", StringComparison.OrdinalIgnoreCase) ? weight : plain;
                star = name is "*" ? weight : star;
            }
        }

        return (own ?? star ?? 0) is var wanted && wanted > 0 && wanted >= (plain ?? 0);
    }

    // A weight that cannot be read is no permission.
    private static decimal Weight(ReadOnlySpan<char> parameter)
    {
        parameter = FieldText.Trim(parameter);
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && decimal.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            ? weight
            : 0;
    }
}
