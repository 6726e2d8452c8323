using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.RateLimiting;

/// <summary>
/// Permits of a <see cref="Concurrency"/> limit that are held until this is disposed. The process renews the lease. If you forget to
/// dispose it, it is given back when the garbage collector has collected it.
/// </summary>
public sealed class ConcurrencyLease : IAsyncDisposable, IDisposable
{
    private readonly LeaseKeeper? _keeper;
    private readonly HeldLease? _held;
    private readonly CancellationToken _lost;
    private int _isDisposed;

    /// <summary>
    /// Makes a lease that is not counted anywhere. Use it in tests of code that takes a lease. An allowed call also gets such a lease when
    /// the call was not counted.
    /// </summary>
    /// <param name="permits">How many permits it says that it holds, 0 or more. Default: 1.</param>
    /// <param name="fencingToken">Its <see cref="FencingToken"/>. Default: 0, which means that the lease is not counted.</param>
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

    /// <summary>The holder has forgotten the lease, so it is given back here.</summary>
    ~ConcurrencyLease()
    {
        if (_keeper is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static lease => _ = lease.Keeper.ReleaseAsync(lease.Held).AsTask(), (Keeper: _keeper, Held: _held!), preferLocal: false);
        }
    }

    /// <summary>
    /// A number that is greater than that of every earlier lease of this key. A store that you write to can refuse a write with a smaller
    /// number, which comes from a holder that has lost its lease. 0 when the lease was not counted.
    /// </summary>
    public long FencingToken { get; }

    /// <summary>How many permits are held.</summary>
    public int Permits { get; }

    /// <summary>
    /// Cancelled when the lease may end before it is disposed: Redis has lost it, or it could not be renewed for almost a whole lease time.
    /// In the second case this process's own clock cancels the token before Redis gives the permits to another caller. When Redis has lost
    /// its data, another caller may get the permits first. The token is then cancelled with the next renewal: after at most a third of the
    /// lease time, and at once when Redis is back after an outage.
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
    /// Gives the permits back. While Redis is away, they go back as soon as it is back. The method never throws. You may call it from any
    /// thread, and a second call does nothing.
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
