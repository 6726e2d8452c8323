using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>Bounds for how many missing keys of this process the store is asked at a time: thousands at once would use up each other's
/// time, and a store that is well would look as if it were not.</summary>
/// <remarks>What a hit takes is not bounded: it must not queue behind misses. Calls for many keys have a bound of their own.</remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be "
    + "disposable", Justification = "Nobody asks the semaphore for its handle.")]
internal sealed class StoreTurns(TimeProvider timeProvider)
{
    public const int Width = 128;

    private readonly SemaphoreSlim _turns = new(Width);

    /// <summary>Waits for a turn, and goes on without one when it has not come in time.</summary>
    /// <returns>Whether there is a turn to be given back.</returns>
    public ValueTask<bool> EnterAsync(TimeSpan maximumWait) => _turns.Wait(0, CancellationToken.None)
        ? new ValueTask<bool>(true)
        : maximumWait <= TimeSpan.Zero ? new ValueTask<bool>(false) : QueueAsync(maximumWait);

    public void Leave(bool hasTurn)
    {
        if (hasTurn)
        {
            _turns.Release();
        }
    }

    private async ValueTask<bool> QueueAsync(TimeSpan maximumWait)
    {
        using var late = new CancellationTokenSource(SourceCall.Clamp(maximumWait), timeProvider);
        try
        {
            await _turns.WaitAsync(late.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
