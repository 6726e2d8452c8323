using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>Bounds for how many keys of this process the store is asked at a time: thousands at once would use up each other's time, and a
/// store that is well would look as if it were not.</summary>
/// <remarks>Reads and what follows a miss have turns of their own: a hit does not wait for loads. Calls for many keys have a bound of their
/// own for what follows.</remarks>
/// <param name="width">How many.</param>
/// <param name="timeProvider">The clock.</param>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be "
    + "disposable", Justification = "Nobody asks the semaphore for its handle.")]
internal sealed class StoreTurns(int width, TimeProvider timeProvider)
{
    /// <summary>Of those that are missing: each takes several steps, here and in the store.</summary>
    public const int OfMisses = 128;

    /// <summary>Of reads: so many at a round trip of 20 ms are 25,000 a second.</summary>
    public const int OfReads = 512;

    private readonly SemaphoreSlim _turns = new(width);
    private volatile bool _isSilent;

    /// <summary>Waits for a turn, and goes on without one when it has not come in time. Of a store that does not answer nobody waits for a
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
