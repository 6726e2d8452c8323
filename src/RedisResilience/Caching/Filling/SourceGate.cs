using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Filling;

/// <summary>Bounds the loads of the source that are under way at once, whatever their keys: the source must not be asked for everything when Redis is away.</summary>
internal sealed class SourceGate(int maximumLoads, int maximumQueued) : IDisposable
{
    private readonly SemaphoreSlim _permits = new(maximumLoads);
    private int _queued;

    /// <summary>Waits for a turn in a short queue. A load inside another one has its turn already: all permits may be held by loads that wait for theirs.</summary>
    /// <exception cref="SourceOverloadedException">The queue is full.</exception>
    public ValueTask EnterAsync(SourceCall call, CancellationToken cancellationToken)
    {
        if (!call.IsNested && !_permits.Wait(0, cancellationToken))
        {
            return QueueAsync(cancellationToken);
        }

        SourceMetrics.LoadBegins();
        return default;
    }

    public void Leave(SourceCall call)
    {
        SourceMetrics.LoadEnds();
        if (!call.IsNested)
        {
            _permits.Release();
        }
    }

    public void Dispose() => _permits.Dispose();

    private async ValueTask QueueAsync(CancellationToken cancellationToken)
    {
        SourceMetrics.WaitBegins();
        try
        {
            if (Interlocked.Increment(ref _queued) > maximumQueued)
            {
                throw new SourceOverloadedException();
            }

            await _permits.WaitAsync(cancellationToken).ConfigureAwait(false);
            SourceMetrics.LoadBegins();
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
            SourceMetrics.WaitEnds();
        }
    }
}
