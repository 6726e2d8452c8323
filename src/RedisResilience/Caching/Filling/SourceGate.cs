using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Filling;

/// <summary>
/// Bounds how many loads of the source run at once, for all keys together, so that the source is not overloaded while Redis is away.
/// </summary>
internal sealed class SourceGate(int maximumLoads, int maximumQueued, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _permits = new(maximumLoads);
    private int _queued;

    /// <summary>Waits for a turn in a short queue, and no longer than its caller waits for others at all.</summary>
    /// <remarks>A nested load needs no permit of its own, because loads that wait for it may hold all permits.</remarks>
    /// <returns>Whether a permit was taken, which must be given back.</returns>
    /// <exception cref="SourceOverloadedException">The queue is full, or the turn has not come in time.</exception>
    public ValueTask<bool> EnterAsync(InFlightLoad load)
    {
        if (load.Call.IsNested || load.Call.HasPermit || load.IsAwaitedInside.IsCancellationRequested)
        {
            SourceMetrics.LoadBegins();
            return new ValueTask<bool>(false);
        }

        return EnterAsync(load.Call.WaitLeft(timeProvider), load.IsAwaitedInside, load.Abandoned);
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="maximumWait">For how long.</param>
    /// <param name="needless">Cancelled when no permit is needed any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> EnterAsync(TimeSpan maximumWait, CancellationToken needless, CancellationToken cancellationToken)
    {
        var hasPermit = _permits.Wait(0, CancellationToken.None)
            || await QueueAsync(maximumWait, needless, cancellationToken).ConfigureAwait(false);
        SourceMetrics.LoadBegins();
        return hasPermit;
    }

    public void Leave(bool hasPermit)
    {
        SourceMetrics.LoadEnds();
        if (hasPermit)
        {
            _permits.Release();
        }
    }

    public void Dispose() => _permits.Dispose();

    private async ValueTask<bool> QueueAsync(TimeSpan maximumWait, CancellationToken needless, CancellationToken cancellationToken)
    {
        SourceMetrics.WaitBegins();
        using var late = new CancellationTokenSource(maximumWait, timeProvider);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, needless, cancellationToken);
        try
        {
            if (Interlocked.Increment(ref _queued) > maximumQueued)
            {
                throw new SourceOverloadedException();
            }

            await _permits.WaitAsync(end.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return needless.IsCancellationRequested ? false : throw new SourceOverloadedException();
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
            SourceMetrics.WaitEnds();
        }
    }
}
