namespace RedisResilience.Caching.Filling;

/// <summary>Bounds the loads of the source that are under way at once, whatever their keys: the source must not be asked for everything when Redis is away.</summary>
internal sealed class SourceGate(int maximumLoads, int maximumQueued) : IDisposable
{
    private readonly SemaphoreSlim _permits = new(maximumLoads);
    private int _queued;

    /// <summary>Waits for a turn in a short queue.</summary>
    /// <exception cref="SourceOverloadedException">The queue is full.</exception>
    public ValueTask EnterAsync(CancellationToken cancellationToken) => _permits.Wait(0, cancellationToken) ? default : QueueAsync(cancellationToken);

    public void Leave() => _permits.Release();

    public void Dispose() => _permits.Dispose();

    private async ValueTask QueueAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _queued) > maximumQueued)
            {
                throw new SourceOverloadedException();
            }

            await _permits.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }
}
