namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>Permits that Redis has counted as taken, and that this process spends, with one compare-and-swap a call.</summary>
/// <param name="limit">The limit that they are of.</param>
/// <param name="terms">The terms, which say how many of them Redis still counts as taken.</param>
/// <param name="answer">The answer of Redis with the grant.</param>
/// <param name="granted">How many Redis gave.</param>
/// <param name="dealt">How many of them the waiting callers took.</param>
internal sealed class PrefetchedPermits(RateLimit limit, PrefetchTerms terms, RateLimitDecision answer, int granted, int dealt)
{
    // What was spent stands in the upper half, what is left in the lower one: both change together.
    private long _account = Pack(dealt, granted - dealt);
    private readonly RateLimitDecision _answer = answer;

    public RateLimit Limit => limit;

    public PrefetchTerms Terms => terms;

    public ref readonly RateLimitDecision Answer => ref _answer;

    /// <summary>Where permits come from that are spent of this batch.</summary>
    public PermitOrigin Origin => new(_answer.Origin.Time, _answer.Origin.AskedAt, this);

    /// <summary>Changes with every permit that is spent.</summary>
    public long Account => Volatile.Read(ref _account);

    public int Spent => (int)(Account >> 32);

    public int Left => (int)Account;

    /// <summary>How many permits could be spent.</summary>
    public int SpendableAt(long now) => Math.Min(Left, terms.CountedAt(now));

    public bool IsOf(RateLimit other) => ReferenceEquals(limit, other) || limit.Equals(other);

    public bool TrySpend(int permits, long now, out int left)
    {
        while (true)
        {
            var account = Account;
            left = Math.Min((int)account, terms.CountedAt(now)) - permits;
            if (left < 0)
            {
                return false;
            }

            // Those that Redis has forgotten are dropped for good: the ones that are left are from now on the last to be forgotten.
            if (Interlocked.CompareExchange(ref _account, Pack((int)(account >> 32) + permits, left), account) == account)
            {
                return true;
            }
        }
    }

    /// <summary>Permits that were taken later: they are spent from here for as long as Redis counts this batch.</summary>
    public void Add(int permits) => Interlocked.Add(ref _account, permits);

    /// <summary>Makes spent permits unspent: they can be spent again for as long as Redis counts them.</summary>
    public void GiveBack(int permits)
    {
        while (true)
        {
            var account = Account;
            var back = Math.Min(permits, (int)(account >> 32));
            if (Interlocked.CompareExchange(ref _account, Pack((int)(account >> 32) - back, (int)account + back), account) == account)
            {
                return;
            }
        }
    }

    /// <summary>Ends the batch.</summary>
    /// <returns>How many permits can go back.</returns>
    public int Close(long now)
    {
        while (true)
        {
            var account = Account;
            if (Interlocked.CompareExchange(ref _account, Pack((int)(account >> 32), 0), account) == account)
            {
                return now < terms.ReturnableUntil ? (int)account : 0;
            }
        }
    }

    private static long Pack(int spent, int left) => ((long)spent << 32) | (uint)left;
}
