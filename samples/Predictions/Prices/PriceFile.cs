using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Predictions.Prices;

/// <summary>Reads <c>symbol,date,price</c> lines, such as <c>AAPL,Mar 1 2010,223.02</c>.</summary>
internal static class PriceFile
{
    private const string Header = "symbol,date,price";

    /// <exception cref="FormatException">A line is not as it should be; the message has its number.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<PricePoint>> Parse(IEnumerable<string> lines)
    {
        var prices = new SortedDictionary<string, IReadOnlyList<PricePoint>>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (number == 1)
            {
                Check(line == Header, number, $"the header is not '{Header}'");
                continue;
            }

            var fields = line.Split(',');
            Check(fields.Length == 3, number, "there are not three fields");
            Check(Symbol.TryParse(fields[0], out var symbol), number, "the symbol is not one");
            Check(DateOnly.TryParseExact(
                fields[1], "MMM d yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date), number, "the date is not one");
            Check(
                double.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
                && double.IsFinite(price),
                number,
                "the price is not a number");

            if (!prices.TryGetValue(symbol, out var history))
            {
                prices[symbol] = history = new List<PricePoint>();
            }

            ((List<PricePoint>)history).Add(new PricePoint(date.ToString("yyyy-MM", CultureInfo.InvariantCulture), price));
        }

        return prices;
    }

    private static void Check([DoesNotReturnIf(false)] bool isRight, int line, string problem)
    {
        if (!isRight)
        {
            throw new FormatException($"Line {line}: {problem}.");
        }
    }
}
