namespace RedisResilience.RateLimiting.Local;

/// <summary>Gives leased permits back that were not spent.</summary>
internal sealed class PrefetchReturns(RedisCounts counts, NodeRegistry census)
{
    /// <summary>The same, all of it within one deadline from a timestamp on.</summary>
    public PrefetchReturns Since(long startedAt) => new(counts.Since(startedAt), census);

    /// <summary>Gives permits back while Redis still counts them. Later, it would give away what others have taken since.</summary>
    public Task ReturnAsync(string key, Lease lease, int permits)
    {
        if (census.Clock is not { } clock)
        {
            return Task.CompletedTask;
        }

        var request = PermitRequest.Return(permits, before: clock.At(lease.Terms.ReturnableUntil));
        return counts.EvaluateAsync(key, lease.Limit, request, CancellationToken.None).AsTask();
    }
}
