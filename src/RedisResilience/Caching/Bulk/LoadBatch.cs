using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching.Bulk;

/// <summary>
/// The misses of one call for many keys. Each has its own lease, and the source is called once for all of them, as soon as each key was
/// found, was missed, or waits for another caller. For keys that waited in vain, the source is called once more. A cache of another
/// implementation does not report what it waits for, so with such a cache the source is called after at most ten milliseconds.
/// </summary>
/// <param name="keys">How many.</param>
/// <param name="state">Handed to the source.</param>
/// <param name="source">The source.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="turn">
/// Waits for a turn at the source, and says whether it took a permit. Null for a cache of another implementation.
/// </param>
/// <param name="end">Gives the turn back.</param>
internal sealed class LoadBatch<TState>(
    int keys, TState state,
    Func<TState, IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, SourceResponse>>> source,
    TimeProvider timeProvider,
    Func<CancellationToken, ValueTask<bool>>? turn = null, Action<bool>? end = null)
{
    // For who comes when nobody else is known to: a cache of somebody else's does not tell, and who was waited for in vain comes later.
    private static readonly TimeSpan GatheringTime = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _allHaveBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BatchedLoad? _gathering;
    private int _undecided = keys;

    public StoreWindow Asking { get; } = new(keys);

    public StoreWindow Storing { get; } = new(keys);

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

    /// <summary>Each key has been asked for: what has decided at once has done so.</summary>
    public void AllHaveBegun() => _allHaveBegun.SetResult();

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

    private async Task GatherAsync(BatchedLoad load)
    {
        if (turn is not null && Volatile.Read(ref _undecided) > 0)
        {
            await load.Gathered.ConfigureAwait(false);
            return;
        }

        await _allHaveBegun.Task.ConfigureAwait(false);
        await load.Gathered.WaitAsync(GatheringTime, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            // A source that asks the cache for one of these keys asks itself.
            LoadScope.Current?.Share(load.Keys);
            return await source(state, [.. load.Keys], load.Abandoned).ConfigureAwait(
                false) ?? throw new InvalidOperationException("The source of many keys has given null.");
        }
        finally
        {
            end?.Invoke(hasPermit);
        }
    }
}
