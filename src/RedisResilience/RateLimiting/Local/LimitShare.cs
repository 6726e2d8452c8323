namespace RedisResilience.RateLimiting.Local;

/// <summary>One node's part of a limit, to be enforced without asking the others. The parts of all nodes together are the limit, and no more.</summary>
internal static class LimitShare
{
    /// <summary>Null: there are more nodes than permits, and this one's part is nothing.</summary>
    public static RateLimit? Of(RateLimit limit, NodeShare standing)
    {
        if (limit is CombinedLimit combined)
        {
            var shares = combined.Limits.Select(part => Of(part, standing)).OfType<RateLimit>().ToArray();
            return shares.Length == combined.Limits.Length ? new CombinedLimit(shares) : null;
        }

        var permits = standing.ShareOf(limit.Permits);
        return permits == 0 ? null : limit switch
        {
            FixedWindow window => new FixedWindow(permits, window.Window),
            SlidingWindow window => new SlidingWindow(permits, window.Window, window.Segments),
            SlidingLog log => new SlidingLog(permits, log.Window),
            Concurrency concurrency => new Concurrency(permits, concurrency.LeaseTime),
            TokenBucket bucket => Of(bucket, permits, standing.Nodes),
            _ => null,
        };
    }

    // A part of the rate as well: the same tokens in so many times the period. That is within its range for all but periods of months.
    private static TokenBucket Of(TokenBucket bucket, int burst, int nodes)
    {
        var period = bucket.Period * nodes;
        return new TokenBucket(bucket.PermitsPerPeriod, period < RateLimit.MaximumWindow ? period : RateLimit.MaximumWindow, burst);
    }
}
