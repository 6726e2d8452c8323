using Predictions.Prices;
using RedisResilience.Mongo;

namespace Predictions.Source;

/// <summary>Documents in MongoDB; those that are missing are put there. MongoDB is first asked when a request needs it, so that starting
/// never waits.</summary>
internal sealed class MongoPredictionSource(IMongoDocumentStore store, PriceHistories histories) : IPredictionSource
{
    private readonly Lock _lock = new();
    private Task? _seeding;

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await SeedAsync(cancellationToken);
        var symbols = new List<string>();
        await foreach (var symbol in store.ListIdsAsync(cancellationToken))
        {
            symbols.Add(symbol);
        }

        symbols.Sort(StringComparer.Ordinal);
        return symbols;
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string symbol, CancellationToken cancellationToken)
    {
        await SeedAsync(cancellationToken);
        return await store.ReadAsync(symbol, cancellationToken);
    }

    public async Task ReplaceAsync(string symbol, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        await SeedAsync(cancellationToken);
        await store.ReplaceAsync(symbol, document, cancellationToken: cancellationToken);
    }

    // One attempt for all who wait; after a failure the next request makes another.
    private Task SeedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_seeding is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _seeding = SeedMissingAsync();
            }

            return _seeding.WaitAsync(cancellationToken);
        }
    }

    private async Task SeedMissingAsync()
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var symbol in store.ListIdsAsync(CancellationToken.None))
        {
            present.Add(symbol);
        }

        foreach (var (symbol, document) in histories.ComputeDocuments().Where(pair => !present.Contains(pair.Key)))
        {
            await store.ReplaceAsync(symbol, document, cancellationToken: CancellationToken.None);
        }
    }
}
