namespace Predictions.Source;

/// <summary>The source of truth: documents by symbol. Reading one is what Redis saves.</summary>
internal interface IPredictionSource
{
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The document of a symbol, or null.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string symbol, CancellationToken cancellationToken);

    /// <summary>Puts a document in the place of the old one.</summary>
    Task ReplaceAsync(string symbol, ReadOnlyMemory<byte> document, CancellationToken cancellationToken);
}
