namespace Predictions.Prices;

/// <summary>A month's closing price.</summary>
/// <param name="Month">The month, as in <c>2010-03</c>.</param>
/// <param name="Price">In the currency of the listing.</param>
internal sealed record PricePoint(string Month, double Price);
