using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>
/// Bounds for how many missing keys this process asks the store at a time. Thousands at once would use up each other's deadline, and a
/// healthy store would look as if it were not.
/// </summary>
/// <remarks>Reads have no bound here, so a hit never waits for a miss. Calls for many keys have a bound of their own.</remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be "
    + "disposable", Justification = "Nobody asks the semaphore for its handle.")]
internal sealed class StoreTurns(TimeProvider timeProvider)
{
    /// <summary>How many keys at a time.</summary>
    public const int Width = 128;

    private readonly SemaphoreSlim _turns = new(Width);
    private volatile bool _isSilent;

    /// <summary>Waits for a turn, and goes on without one when it has not come in time. While the store does not answer, nobody waits for a
    /// turn: a call would take the time of many.</summary>
    /// <returns>Whether there is a turn to be given back.</returns>
    public ValueTask<bool> EnterAsync(TimeSpan maximumWait) => _isSilent ? new ValueTask<bool>(false)
        : _turns.Wait(0, CancellationToken.None) ? new ValueTask<bool>(true)
        : maximumWait <= TimeSpan.Zero ? new ValueTask<bool>(false) : QueueAsync(maximumWait);

    /// <summary>The store has answered, or has not.</summary>
    public void Observe(bool isAnswered)
    {
        if (_isSilent == isAnswered)
        {
            _isSilent = !isAnswered;
        }
    }

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
