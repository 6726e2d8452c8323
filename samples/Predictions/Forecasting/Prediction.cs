using System.Globalization;
using Predictions.Prices;

namespace Predictions.Forecasting;

/// <summary>The document that the service serves: the last prices of a symbol, and what is expected next.</summary>
internal sealed record Prediction(string Symbol, string AsOf, PricePoint[] LastPrices, ForecastPoint[] Forecast, ModelDescription Model)
{
    public const int MonthsShown = 12;
    public const int MonthsAhead = 6;

    public static Prediction Compute(string symbol, IReadOnlyList<PricePoint> history)
    {
        var trend = HoltLinearTrend.Fit(history.Select(point => point.Price).ToArray());
        var last = DateOnly.ParseExact(history[^1].Month, "yyyy-MM", CultureInfo.InvariantCulture);
        return new Prediction(
            symbol,
            history[^1].Month,
            [.. history.TakeLast(MonthsShown)],
            [.. Enumerable.Range(1, MonthsAhead).Select(step => At(last.AddMonths(step), trend.Forecast(step)))],
            new ModelDescription(
                "Holt linear trend", Round(trend.Alpha), Round(trend.Beta), Round(Math.Sqrt(trend.Variance)), history.Count));
    }

    private static ForecastPoint At(DateOnly month, (double Value, double HalfWidth) forecast) => new(
        month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        AsPrice(forecast.Value),
        AsPrice(forecast.Value - forecast.HalfWidth),
        AsPrice(forecast.Value + forecast.HalfWidth));

    // A trend may fall below zero; a price does not.
    private static double AsPrice(double value) => Round(Math.Max(0, value));

    private static double Round(double value) => Math.Round(value, 2);
}
