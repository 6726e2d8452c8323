namespace RedisResilience.Caching.Bulk;

/// <summary>
/// The misses of one call for many keys. Each has its own lease, and the source is asked once for all of them: as soon as all keys are
/// known to be there, to be missed, or to be waited for. Those that were waited for in vain are asked for once more. A cache of somebody
/// else's does not tell what it waits for: there the source is asked after a moment in which nobody came.
/// </summary>
/// <param name="keys">How many.</param>
/// <param name="state">Handed to the source.</param>
/// <param name="source">The source.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="turn">Waits for the source's turn and says whether a permit was taken; null for a cache of somebody else's.</param>
/// <param name="end">Gives the turn back.</param>
internal sealed class LoadBatch<TState>(
    int keys, TState state,
    Func<TState, IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, SourceResponse>>> source,
    TimeProvider timeProvider,
    Func<CancellationToken, ValueTask<bool>>? turn = null, Action<bool>? end = null)
{
    private const int MostMoments = 10;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private BatchedLoad? _gathering;
    private int _undecided = keys;

    public async ValueTask<SourceResponse> LoadAsync(string key, bool decides, CancellationToken cancellationToken)
    {
        BatchedLoad load;
        lock (_lock)
        {
            if (_gathering is null || !_gathering.TryAdd(key))
            {
                _gathering = new BatchedLoad();
                _gathering.TryAdd(key);
                _gathering.Answer = AskAsync(_gathering);
            }

            load = _gathering;
            Decide_NeedsLock(decides);
        }

        using var leaving = cancellationToken.UnsafeRegister(static state => ((BatchedLoad)state!).Abandon(), load);
        return (await load.Answer.ConfigureAwait(false)).GetValueOrDefault(key);
    }

    /// <summary>A key has its answer without a load.</summary>
    public void Excuse()
    {
        lock (_lock)
        {
            Decide_NeedsLock(decides: true);
        }
    }

    private void Decide_NeedsLock(bool decides)
    {
        if (decides && --_undecided == 0)
        {
            _gathering?.EndGathering();
        }
    }

    // As long as more come: Redis' replies to many questions arrive one after the other.
    private async Task GatherAsync(BatchedLoad load)
    {
        var count = 0;
        if (turn is not null && Volatile.Read(ref _undecided) > 0)
        {
            await load.Gathered.ConfigureAwait(false);
            return;
        }

        for (var moment = 0; moment < MostMoments && !load.Gathered.IsCompleted && load.Count > count; moment++)
        {
            count = load.Count;
            await load.Gathered.WaitAsync(Moment, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyDictionary<string, SourceResponse>> AskAsync(BatchedLoad load)
    {
        await GatherAsync(load).ConfigureAwait(false);
        lock (_lock)
        {
            // Who comes from now on is asked for by the next question.
            _gathering = ReferenceEquals(_gathering, load) ? null : _gathering;
        }

        var hasPermit = turn is not null && await turn(load.Abandoned).ConfigureAwait(false);
        try
        {
            return await source(state, load.Keys, load.Abandoned).ConfigureAwait(
                false) ?? throw new InvalidOperationException("The source of many keys has given null.");
        }
        finally
        {
            end?.Invoke(hasPermit);
        }
    }
}
