namespace RedisResilience.Gateway.Calls;

/// <summary>A call that waits for its reply. Reply, deadline and cancellation race for it; exactly one of them ends it.</summary>
internal abstract class PendingCall : IThreadPoolWorkItem
{
    private int _outcome;

    public enum Outcome
    {
        Pending,
        Replied,
        Expired,
        Cancelled,
    }

    // Links and deadline belong to PendingCalls, under its lock.
    public PendingCall? Previous { get; set; }

    public PendingCall? Next { get; set; }

    public long ExpiresAt { get; set; }

    protected Outcome Ended => (Outcome)Volatile.Read(ref _outcome);

    /// <summary>True for the one that ends the call.</summary>
    public bool TryEnd(Outcome outcome) =>
        Interlocked.CompareExchange(ref _outcome, (int)outcome, (int)Outcome.Pending) == (int)Outcome.Pending;

    /// <summary>
    /// Tells the waiting caller that the deadline is over. Runs on the pool, so that one caller's continuation does not hold up the next
    /// one's deadline.
    /// </summary>
    public abstract void Execute();

    protected void Renew() => Volatile.Write(ref _outcome, (int)Outcome.Pending);
}
