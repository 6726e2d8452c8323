namespace RedisResilience.Caching.Bulk;

/// <summary>One key of a call for many: it wants a load, or turns out not to need one.</summary>
internal sealed class BatchedKey<TState>(LoadBatch<TState> batch, string key)
{
    private bool _isDecided;

    /// <summary>Also after <see cref="Leave"/>, when a stale entry is refreshed in the background.</summary>
    public ValueTask<SourceResponse> LoadAsync(CancellationToken cancellationToken) => batch.LoadAsync(key, Decide(), cancellationToken);

    public void Leave()
    {
        if (Decide())
        {
            batch.Excuse();
        }
    }

    private bool Decide() => !Interlocked.Exchange(ref _isDecided, true);
}
