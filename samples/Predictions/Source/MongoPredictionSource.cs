using Predictions.Prices;
using RedisResilience.Mongo;

namespace Predictions.Source;

/// <summary>Documents in MongoDB, put there when the collection is found empty. MongoDB is first asked when a request needs it, so that starting never waits.</summary>
internal sealed class MongoPredictionSource(IMongoDocumentStore store, PriceHistories histories) : IPredictionSource, IDisposable
{
    private readonly SemaphoreSlim _seeding = new(1, 1);
    private volatile bool _isSeeded;

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
        await store.ReplaceAsync(symbol, document, cancellationToken);
    }

    public void Dispose() => _seeding.Dispose();

    private async ValueTask SeedAsync(CancellationToken cancellationToken)
    {
        if (_isSeeded)
        {
            return;
        }

        await _seeding.WaitAsync(cancellationToken);
        try
        {
            if (!_isSeeded && await IsEmptyAsync(cancellationToken))
            {
                foreach (var (symbol, document) in histories.ComputeDocuments())
                {
                    await store.ReplaceAsync(symbol, document, cancellationToken);
                }
            }

            _isSeeded = true;
        }
        finally
        {
            _seeding.Release();
        }
    }

    private async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in store.ListIdsAsync(cancellationToken))
        {
            return false;
        }

        return true;
    }
}
