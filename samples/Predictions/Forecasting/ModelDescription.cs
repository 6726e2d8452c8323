namespace Predictions.Forecasting;

/// <summary>How a forecast was made.</summary>
internal sealed record ModelDescription(string Name, double Alpha, double Beta, double StandardError, int Observations);
