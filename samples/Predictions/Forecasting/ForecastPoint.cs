namespace Predictions.Forecasting;

/// <summary>What is expected for a month, and the interval that holds the price with a probability of 95 %.</summary>
internal sealed record ForecastPoint(string Month, double Value, double Lower, double Upper);
