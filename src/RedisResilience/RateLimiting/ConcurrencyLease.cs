using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.RateLimiting;

/// <summary>Permits of a <see cref="Concurrency"/> limit that are held until this is disposed. The node renews it; a lease that nobody holds any more ends by itself.</summary>
public sealed class ConcurrencyLease : IAsyncDisposable, IDisposable
{
    private readonly LeaseKeeper _keeper;
    private readonly LeaseGroup _group;
    private readonly CancellationTokenSource _lost = new();
    private int _isDisposed;

    internal ConcurrencyLease(LeaseKeeper keeper, LeaseGroup group, HeldLease held)
    {
        (_keeper, _group, Held) = (keeper, group, held);
        Lost = _lost.Token;
    }

    /// <summary>A number that is greater than that of every lease of this key before it: whoever is written to can refuse what comes from a holder that has been overtaken.</summary>
    public long FencingToken => Held.Id;

    /// <summary>How many permits are held.</summary>
    public int Permits => Held.Permits;

    /// <summary>Cancelled when the lease is known, or must be feared, to have ended before it was disposed: Redis has lost it, or could not be asked for a whole lease time.</summary>
    public CancellationToken Lost { get; }

    internal HeldLease Held { get; }

    /// <summary>Gives the permits back, without waiting for it to be done.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    /// <summary>Gives the permits back. When Redis cannot be asked, they go back at the end of the lease time. Never throws.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, 1) == 0 ? _keeper.ReleaseAsync(_group, this) : ValueTask.CompletedTask;

    internal void Lose() => _ = _lost.CancelAsync();
}
