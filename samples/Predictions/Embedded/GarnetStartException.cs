namespace Predictions.Embedded;

/// <summary>Garnet could not be started. The message says why in one line.</summary>
internal sealed class GarnetStartException(string message) : Exception(message);
