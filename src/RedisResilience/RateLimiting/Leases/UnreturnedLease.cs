namespace RedisResilience.RateLimiting.Leases;

/// <summary>A lease that nobody holds, but that the store may still have.</summary>
/// <param name="lease">The lease.</param>
/// <param name="isUnheard">
/// Whether the reply to its request is missing. The request may still be on its way, and be granted after the release.
/// </param>
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

    /// <summary>A release was tried in vain.</summary>
    /// <param name="isAnswered">Whether the store answered that it does not have the lease.</param>
    /// <returns>Whether to try again.</returns>
    public bool TryAgain(bool isAnswered)
    {
        _tries++;
        return !isAnswered || (isUnheard && _tries < MostTries);
    }
}
