using RedisResilience.Caching;

namespace RedisResilience.Mongo.Reading;

/// <summary>
/// The misses of one call for many documents. Each has its own lease, and MongoDB is asked after the last of them: once, as soon as everybody
/// who is expected is there; or after a moment without those who wait for another process, and once more for them.
/// </summary>
internal sealed class DocumentBatch(DocumentSource source, TimeProvider time, int expected, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private List<string> _ids = [];
    private TaskCompletionSource _isComplete = New();
    private Task<IReadOnlyDictionary<string, SourceResponse>>? _query;
    private int _expected = expected;

    public async ValueTask<SourceResponse> LoadAsync(string id)
    {
        Task<IReadOnlyDictionary<string, SourceResponse>> query;
        lock (_lock)
        {
            _ids.Add(id);
            query = _query ??= QueryAsync(_ids, _isComplete.Task);
            CompleteIfAllAreThere();
        }

        return (await query.ConfigureAwait(false)).GetValueOrDefault(id);
    }

    /// <summary>One of the expected had its answer without a load.</summary>
    public void Excuse()
    {
        lock (_lock)
        {
            _expected--;
            CompleteIfAllAreThere();
        }
    }

    private async Task<IReadOnlyDictionary<string, SourceResponse>> QueryAsync(List<string> ids, Task isComplete)
    {
        await Task.WhenAny(isComplete, Task.Delay(Moment, time, cancellationToken)).ConfigureAwait(false);
        lock (_lock)
        {
            // Who comes from now on is asked for by the next query.
            _expected -= ids.Count;
            (_ids, _query, _isComplete) = ([], null, New());
        }

        return await source.LoadManyAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    private void CompleteIfAllAreThere()
    {
        if (_ids.Count > 0 && _ids.Count >= _expected)
        {
            _isComplete.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
