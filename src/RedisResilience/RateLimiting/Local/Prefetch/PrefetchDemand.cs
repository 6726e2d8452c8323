namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>
/// How many permits a batch should have: as many as the key needs in a second, found by doubling, and fewer when the limit is near.
/// </summary>
internal static class PrefetchDemand
{
    /// <summary>How long a batch should last.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(1);

    /// <summary>The demand of the key.</summary>
    /// <param name="previous">The previous estimate.</param>
    /// <param name="spent">How much of the last batch was spent.</param>
    /// <param name="elapsed">In what time.</param>
    public static int Next(int previous, int spent, TimeSpan elapsed) =>
        (int)Math.Min(spent * (Horizon / elapsed), Math.Max(1, previous) * 2.0);

    /// <summary>
    /// How many of the remaining permits one process may take, so that some are left for the others, and the last permits are not held by a
    /// process that does not need them.
    /// </summary>
    public static int Fair(int needed, RateLimit limit, int remaining, int nodes)
    {
        // What cannot be given back should not take much longer to come back than it was meant to last.
        var most = Math.Min(limit.MaximumPrefetch, remaining / (2 * nodes));
        return Math.Min(needed, Math.Min(most, limit.ComeBackWithin(Horizon)));
    }
}
