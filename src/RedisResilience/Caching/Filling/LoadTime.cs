namespace RedisResilience.Caching.Filling;

/// <summary>How long a load may ask the store before it calls the source: as long as the waiting caller with the least time left.</summary>
/// <param name="since">When the time of the first caller began.</param>
/// <param name="asksFirst">Whether it asks the store anything before it asks the source.</param>
internal sealed class LoadTime(long since, bool asksFirst)
{
    private readonly TaskCompletionSource? _spent = asksFirst ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly Lock _lock = new();
    private long _since = since;
    private bool _asks = asksFirst;

    /// <summary>When the time of the caller with the least time left began.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>One more waits for it. True: the store is being asked, and for longer than this one has time.</summary>
    public bool Share(long since)
    {
        lock (_lock)
        {
            if (since >= _since)
            {
                return false;
            }

            Volatile.Write(ref _since, since);
            return _asks;
        }
    }

    /// <summary>One waiting caller has no more time, so the load goes on without the store's answer.</summary>
    public void Spend() => _spent?.TrySetResult();

    /// <summary>The store's answer. Null when a waiting caller had no more time.</summary>
    public async ValueTask<T?> WithinAsync<T>(ValueTask<T?> answer)
        where T : class
    {
        T? known;
        if (answer.IsCompleted || _spent is null)
        {
            known = await answer.ConfigureAwait(false);
        }
        else
        {
            var asked = answer.AsTask();
            known = await Task.WhenAny(asked, _spent.Task).ConfigureAwait(false) == asked ? await asked.ConfigureAwait(false) : null;
        }

        lock (_lock)
        {
            _asks = false;
        }

        return known;
    }
}
