namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// Sends renewals: many at once, so that a long round trip delays none of them, but a bounded number, so that other commands get through.
/// </summary>
/// <param name="store">Whom to ask.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="ended">
/// Called when a renewal has ended, with the timestamp from before it was sent, and the leases that still exist, or null when the store did
/// not answer.
/// </param>
internal sealed class LeaseRenewals(ILeaseStore store, TimeProvider timeProvider, Action<LeaseRenewal, long, long?> ended)
{
    // At a round trip of 50 ms these are 20,000 keys a second.
    private const int MostInFlight = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<LeaseRenewal> _waiting = [];
    private int _inFlight;

    /// <summary>Has a group renewed. The keeper's lock is held.</summary>
    public void Add(LeaseGroup group)
    {
        lock (_lock)
        {
            foreach (var leases in group.Leases.Chunk(ILeaseStore.MostLeases))
            {
                group.Renewals++;
                _waiting.Enqueue(new LeaseRenewal(group, leases));
            }
        }
    }

    /// <summary>Sends waiting renewals as long as there is room. The keeper's lock must not be held.</summary>
    public void Start()
    {
        while (TryTake(out var renewal))
        {
            var askedAt = timeProvider.GetTimestamp();
            var standing = store.IsAway ? new ValueTask<long?>(default(long?)) : store.RenewAsync(renewal.Leases);
            if (standing.IsCompletedSuccessfully)
            {
                End(renewal, askedAt, standing.Result);
            }
            else
            {
                _ = AwaitAsync(renewal, askedAt, standing);
            }
        }
    }

    private bool TryTake(out LeaseRenewal renewal)
    {
        lock (_lock)
        {
            renewal = default;
            var hasTaken = _inFlight < MostInFlight && _waiting.TryDequeue(out renewal);
            _inFlight += hasTaken ? 1 : 0;
            return hasTaken;
        }
    }

    private async Task AwaitAsync(LeaseRenewal renewal, long askedAt, ValueTask<long?> pending)
    {
        long? standing = null;
        try
        {
            standing = await pending.ConfigureAwait(false);
        }
        finally
        {
            End(renewal, askedAt, standing);
            Start();
        }
    }

    private void End(LeaseRenewal renewal, long askedAt, long? standing)
    {
        lock (_lock)
        {
            _inFlight--;
        }

        ended(renewal, askedAt, standing);
    }
}
