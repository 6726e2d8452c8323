using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Local.Prefetch;

/// <summary>Gives leased permits back that were not spent.</summary>
internal sealed class PrefetchReturns(RedisCounts counts, NodeRegistry nodes)
{
    /// <summary>The same, all of it within one deadline from a timestamp on.</summary>
    public PrefetchReturns Since(long startedAt) => new(counts.Since(startedAt), nodes);

    /// <summary>Gives permits back while Redis still counts them. Later, it would give away what others have taken since.</summary>
    public Task ReturnAsync(string key, PrefetchedPermits lease, int permits)
    {
        if (nodes.Clock is not { } clock)
        {
            return Task.CompletedTask;
        }

        var request = PermitRequest.Return(permits, before: clock.At(lease.Terms.ReturnableUntil));
        return counts.EvaluateAsync(key, lease.Limit, request, CancellationToken.None).AsTask();
    }
}
