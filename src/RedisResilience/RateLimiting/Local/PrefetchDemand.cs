namespace RedisResilience.RateLimiting.Local;

/// <summary>How many permits a lease should hold: what the key needs in a second, found by doubling, and less when the limit is near.</summary>
internal static class PrefetchDemand
{
    /// <summary>How long a lease should last.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(1);

    /// <summary>What the key needs.</summary>
    /// <param name="previous">What it was thought to need so far.</param>
    /// <param name="spent">How much of the last lease was spent.</param>
    /// <param name="elapsed">In what time.</param>
    public static int Next(int previous, int spent, TimeSpan elapsed) =>
        (int)Math.Min(spent * (Horizon / elapsed), Math.Max(1, previous) * 2.0);

    /// <summary>
    /// What one node may take of what is left, so that the others find something too, and the last permits are not held where nobody asks for them.
    /// </summary>
    public static int Fair(int needed, RateLimit limit, int remaining, int nodes)
    {
        var most = Math.Min(limit.MaximumLease, remaining / (2 * nodes));
        return Math.Min(needed, Math.Min(most, FlowsInWithinTheHorizon(limit)));
    }

    // What a bucket's lease does not spend comes back by flowing in again: it should not take much longer than the lease.
    private static int FlowsInWithinTheHorizon(RateLimit limit) => limit switch
    {
        TokenBucket bucket => (int)Math.Min(int.MaxValue, Horizon.Ticks * TimeSpan.NanosecondsPerTick / bucket.Interval),
        CombinedLimit combined => combined.Limits.Min(FlowsInWithinTheHorizon),
        _ => int.MaxValue,
    };
}
