namespace RedisResilience.Caching.Filling;

/// <summary>How long a load may ask the store before it calls the source: as long as the waiting caller with the least time left.</summary>
/// <param name="since">When the time of the one who began it began.</param>
/// <param name="asksFirst">Whether it asks the store anything before it asks the source.</param>
internal sealed class LoadTime(long since, bool asksFirst)
{
    private readonly TaskCompletionSource? _spent = asksFirst ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly Lock _lock = new();
    private long _since = since;
    private bool _asks = asksFirst;

    /// <summary>When the time began of whoever has the least.</summary>
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

    /// <summary>One of those who wait has no more time: it goes on without the store's answer.</summary>
    public void Spend() => _spent?.TrySetResult();

    /// <summary>What the store answers; null when somebody had no time to wait for that.</summary>
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
