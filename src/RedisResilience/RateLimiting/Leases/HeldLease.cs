using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// A lease as the store and its keeper know it. The holder's <see cref="ConcurrencyLease"/> refers to it. It does not refer back, so a
/// forgotten <see cref="ConcurrencyLease"/> can be collected.
/// </summary>
/// <param name="key">Whose permits they are.</param>
/// <param name="limit">The limit that they are of.</param>
/// <param name="leaseTime">How long it lasts without a renewal.</param>
/// <param name="name">Its unique name in the store.</param>
/// <param name="permits">How many permits it holds.</param>
internal sealed class HeldLease(LocalKey key, RateLimit limit, TimeSpan leaseTime, long name, int permits)
{
    // By which part of its time a lease ends here before it does in Redis: for timers that are late, and clocks that run apart.
    private const int MarginDivisor = 64;

    private static readonly TimeSpan LeastMargin = TimeSpan.FromMilliseconds(50);
    private static readonly CancellationTokenSource AlreadyLost = Cancelled();

    // Made when somebody asks for the token: most holders never do.
    private CancellationTokenSource? _lost;

    public LocalKey Key => key;

    public RateLimit Limit => limit;

    public TimeSpan LeaseTime => leaseTime;

    /// <summary>How long after its request the lease has certainly not ended.</summary>
    public TimeSpan CertainTime => leaseTime - (leaseTime / MarginDivisor is var margin && margin > LeastMargin ? margin : LeastMargin);

    public long Name => name;

    public int Permits => permits;

    /// <summary>Cancelled when the lease is lost.</summary>
    public CancellationToken Lost
    {
        get
        {
            if (Volatile.Read(ref _lost) is { } known)
            {
                return known.Token;
            }

            var made = new CancellationTokenSource();
            return (Interlocked.CompareExchange(ref _lost, made, null) ?? made).Token;
        }
    }

    /// <summary>Those it is renewed with. Null: it is not renewed. Belongs to the keeper, as what follows.</summary>
    public LeaseGroup? Group { get; set; }

    /// <summary>Its place in the group.</summary>
    public int Place { get; set; }

    /// <summary>When it is lost unless it is renewed: a timestamp of this process.</summary>
    public long EndsAt { get; set; }

    /// <summary>Tells the holder. The holder's callbacks run on another thread, and delay nothing.</summary>
    public void Lose()
    {
        if (Interlocked.CompareExchange(ref _lost, AlreadyLost, null) is { } listened)
        {
            _ = listened.CancelAsync();
        }
    }

    private static CancellationTokenSource Cancelled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }
}
