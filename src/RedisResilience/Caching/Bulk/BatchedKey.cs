namespace RedisResilience.Caching.Bulk;

/// <summary>One key of a call for many keys, which may or may not need a load.</summary>
internal sealed class BatchedKey<TState>(LoadBatch<TState> batch, string key)
{
    private bool _isDecided;

    /// <summary>The turns of the keys at the store, until it is known which of them need a load.</summary>
    public StoreWindow Asking => batch.Asking;

    /// <summary>Where they take turns to be stored.</summary>
    public StoreWindow Storing => batch.Storing;

    /// <summary>Loads the key. It may be called after <see cref="Leave"/>, when a stale entry is refreshed in the background.</summary>
    public ValueTask<SourceResponse> LoadAsync(CancellationToken cancellationToken) => batch.LoadAsync(key, Decide(), cancellationToken);

    public void Leave()
    {
        if (Decide())
        {
            batch.Excuse();
        }
    }

    private bool Decide()
    {
        if (Interlocked.Exchange(ref _isDecided, true))
        {
            return false;
        }

        Asking.Leave();
        return true;
    }
}
