using System.Collections.Concurrent;

namespace Predictions.Source;

/// <summary>Documents in this process: what the sample serves from when no MongoDB is given.</summary>
internal sealed class EmbeddedPredictionSource(IEnumerable<KeyValuePair<string, byte[]>> seed) : IPredictionSource
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _documents =
        new(seed.Select(pair => KeyValuePair.Create(pair.Key, (ReadOnlyMemory<byte>)pair.Value)), StringComparer.Ordinal);

    private long _reads;

    public int Count => _documents.Count;

    /// <summary>How often a document has been asked for: what a cache hit saves.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _documents.Keys.Order(StringComparer.Ordinal)]);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string symbol, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(_documents.TryGetValue(symbol, out var document) ? document : (ReadOnlyMemory<byte>?)null);
    }

    public Task ReplaceAsync(string symbol, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        _documents[symbol] = document.ToArray();
        return Task.CompletedTask;
    }
}
