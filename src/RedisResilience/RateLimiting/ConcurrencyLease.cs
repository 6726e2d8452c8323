using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.RateLimiting;

/// <summary>
/// Permits of a <see cref="Concurrency"/> limit that are held until this is disposed. The node renews it; a lease that nobody holds any
/// more is given back once it has been collected.
/// </summary>
public sealed class ConcurrencyLease : IAsyncDisposable, IDisposable
{
    private readonly LeaseKeeper? _keeper;
    private readonly HeldLease? _held;
    private readonly CancellationToken _lost;
    private int _isDisposed;

    /// <summary>
    /// A lease that nobody counts, to be disposed like any other: for tests of code that takes one, and what an allowed call gets when
    /// nobody has counted.
    /// </summary>
    /// <param name="permits">How many permits it says that it holds, 0 or more. Default: 1.</param>
    /// <param name="fencingToken">Its <see cref="FencingToken"/>. Default: 0, which says that nobody has counted.</param>
    /// <param name="lost">Its <see cref="Lost"/>. Default: none, it is never lost.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    public ConcurrencyLease(int permits = 1, long fencingToken = 0, CancellationToken lost = default)
    {
        // What is only pretended needs no end.
        GC.SuppressFinalize(this);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        (Permits, FencingToken, _lost) = (permits, fencingToken, lost);
    }

    internal ConcurrencyLease(LeaseKeeper keeper, HeldLease held, long fencingToken) =>
        (_keeper, _held, Permits, FencingToken) = (keeper, held, held.Permits, fencingToken);

    /// <summary>The holder has lost it: nobody can give it back any more, so it is done here.</summary>
    ~ConcurrencyLease()
    {
        if (_keeper is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static lease => _ = lease.Keeper.ReleaseAsync(lease.Held).AsTask(), (Keeper: _keeper, Held: _held!), preferLocal: false);
        }
    }

    /// <summary>
    /// A number that is greater than that of every lease of this key before it: whoever is written to can refuse what comes from a holder
    /// that has been overtaken. 0 when nobody has counted.
    /// </summary>
    public long FencingToken { get; }

    /// <summary>How many permits are held.</summary>
    public int Permits { get; }

    /// <summary>
    /// Cancelled when the lease is known, or must be feared, to end before it is disposed: Redis has lost it, or it could not be renewed
    /// for almost a whole lease time.
    /// This process' own clock sees to that, before Redis gives the permits to anybody else. Where Redis has lost its data, others may get
    /// them first: then this is cancelled with the next renewal, after a third of the lease time at most, and at once when Redis is back
    /// after an outage.
    /// </summary>
    public CancellationToken Lost => _held?.Lost ?? _lost;

    internal HeldLease? Held => _held;

    /// <summary>Gives the permits back, and does not wait until that is done.</summary>
    public void Dispose()
    {
        _ = DisposeAsync().AsTask();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Gives the permits back. When Redis cannot be asked, they go back as soon as it can. Never throws; more than once, and from any
    /// thread, it does nothing.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0 || _keeper is null)
        {
            return ValueTask.CompletedTask;
        }

        GC.SuppressFinalize(this);
        return _keeper.ReleaseAsync(_held!);
    }
}
