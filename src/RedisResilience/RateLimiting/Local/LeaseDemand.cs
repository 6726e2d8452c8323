namespace RedisResilience.RateLimiting.Local;

/// <summary>How many permits a lease should hold: what the key needs in a second, found by doubling, and less when the limit is near.</summary>
internal static class LeaseDemand
{
    /// <summary>How long a lease should last.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(1);

    /// <summary>What the key needs.</summary>
    /// <param name="previous">What it was thought to need so far.</param>
    /// <param name="spent">How much of the last lease was spent.</param>
    /// <param name="elapsed">In what time.</param>
    public static int Next(int previous, int spent, TimeSpan elapsed)
    {
        var needed = spent * (Horizon / elapsed);
        return (int)Math.Min(needed, Math.Max(1, previous) * 2.0);
    }

    /// <summary>What one node may take of what is left, so that the others find something too, and the last permits are not held where nobody asks for them.</summary>
    public static int Fair(int needed, int remaining, int nodes) => Math.Min(needed, remaining / (2 * Math.Max(1, nodes)));
}
