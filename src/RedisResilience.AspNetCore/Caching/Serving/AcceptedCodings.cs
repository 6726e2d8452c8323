using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace RedisResilience.AspNetCore.Caching.Serving;

/// <summary>Reads an <c>Accept-Encoding</c> (RFC 9110, section 12.5.3).</summary>
internal static class AcceptedCodings
{
    /// <summary>Whether a client takes a coding. One that says nothing is taken at its word: it gets the body as it is.</summary>
    public static bool Accept(in StringValues field, string coding)
    {
        bool? byName = null;
        var byStar = false;
        foreach (var line in field)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var item = line.AsSpan(part);
                var semicolon = item.IndexOf(';');
                var name = (semicolon < 0 ? item : item[..semicolon]).Trim(" \t");
                var isAccepted = semicolon < 0 || !IsZero(item[(semicolon + 1)..]);
                if (name.Equals(coding, StringComparison.OrdinalIgnoreCase))
                {
                    byName = isAccepted;
                }
                else if (name is "*")
                {
                    byStar = isAccepted;
                }
            }
        }

        return byName ?? byStar;
    }

    // A weight that cannot be read is no permission.
    private static bool IsZero(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim(" \t");
        return !parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            || !decimal.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            || weight <= 0;
    }
}
