using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Predictions;

/// <summary>Ticker symbols: 1 to 10 letters, digits, dots and dashes; case does not matter, and upper case is how they are kept.</summary>
internal static class Symbol
{
    private const int MaximumLength = 10;
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? symbol)
    {
        var isSymbol = text is { Length: > 0 and <= MaximumLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        symbol = isSymbol ? text!.ToUpperInvariant() : null;
        return isSymbol;
    }
}
