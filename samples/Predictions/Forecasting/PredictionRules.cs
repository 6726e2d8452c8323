using System.Globalization;

namespace Predictions.Forecasting;

/// <summary>What a document must be beyond its shape, for clients to rely on it.</summary>
internal static class PredictionRules
{
    /// <summary>What is wrong with a document that is to be about a symbol; null when nothing is.</summary>
    public static string? FindProblem(Prediction prediction, string symbol) => prediction switch
    {
        _ when prediction.Symbol != symbol => $"The document is not about {symbol}.",
        _ when !IsMonth(prediction.AsOf) => "asOf is not a month such as 2010-03.",
        _ when prediction.LastPrices.Length != Prediction.MonthsShown => $"lastPrices does not have {Prediction.MonthsShown} months.",
        _ when prediction.Forecast.Length != Prediction.MonthsAhead => $"forecast does not have {Prediction.MonthsAhead} months.",

        // The serializer refuses null for a property that cannot be null, but not for an array's element.
        _ when !prediction.LastPrices.All(point => point is not null && IsMonth(point.Month) && point.Price >= 0) =>
            "A last price is not a month and a price.",
        _ when !prediction.Forecast.All(point => point is not null && IsMonth(point.Month) && IsOrdered(point)) =>
            "A forecast is not a month and a value between its lower and upper bound.",
        _ => null,
    };

    private static bool IsOrdered(ForecastPoint point) => point.Lower <= point.Value && point.Value <= point.Upper;

    private static bool IsMonth(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
