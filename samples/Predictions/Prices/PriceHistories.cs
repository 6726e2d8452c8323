using System.Diagnostics.CodeAnalysis;
using Predictions.Forecasting;

namespace Predictions.Prices;

/// <summary>The price histories that ship with the sample, and the documents computed from them.</summary>
internal sealed class PriceHistories(IReadOnlyDictionary<string, IReadOnlyList<PricePoint>> histories)
{
    public static PriceHistories Load() =>
        new(PriceFile.Parse(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "stocks.csv"))));

    public bool TryGet(string symbol, [NotNullWhen(true)] out IReadOnlyList<PricePoint>? history) =>
        histories.TryGetValue(symbol, out history);

    public IEnumerable<KeyValuePair<string, byte[]>> ComputeDocuments() => histories.Select(
        pair => KeyValuePair.Create(pair.Key, PredictionJson.Write(Prediction.Compute(pair.Key, pair.Value))));
}
