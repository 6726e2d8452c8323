namespace RedisResilience.RateLimiting.Leases;

/// <summary>A lease that nobody holds, but that the store may still have.</summary>
/// <param name="lease">The lease.</param>
/// <param name="isUnheard">Whether its grant was never heard of: it may be on its way, and come after whatever the store says now.</param>
internal sealed class UnreturnedLease(HeldLease lease, bool isUnheard)
{
    // Until 5 s after the store has answered first.
    private const int MostTries = 6;

    // From a quarter of a second to a whole one.
    private const int MostDoublings = 2;

    private int _tries;

    public HeldLease Lease => lease;

    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan Pause => LeaseReturns.Interval * (1 << Math.Min(_tries, MostDoublings));

    public long NextAt { get; set; }

    /// <summary>The store has been asked to take it back, in vain.</summary>
    /// <param name="isAnswered">Whether it said that there is no such lease.</param>
    /// <returns>Whether to try again.</returns>
    public bool TryAgain(bool isAnswered)
    {
        _tries++;
        return !isAnswered || (isUnheard && _tries < MostTries);
    }
}
