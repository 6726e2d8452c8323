using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Leases in Redis: one script prolongs all the leases that this node holds of a key.</summary>
internal sealed class RedisLeases(RedisCounts counts) : ILeaseStore
{
    private static readonly RedisScript Renewal = RedisScript.Load<RedisLeases>("Leases.ConcurrencyRenewal");
    private static readonly RedisScript Release = RedisScript.Load<RedisLeases>("Leases.ConcurrencyRelease");

    public async ValueTask<long?> RenewAsync(string key, Concurrency limit, IReadOnlyList<HeldLease> leases)
    {
        var constants = new ScriptConstants(
            [limit.LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond, .. leases.SelectMany(lease => new[] { lease.Id, lease.Permits })]);
        var answer = await counts.EvaluateAsync(Renewal, key, limit, new ScriptArguments(constants, counts.Now), CancellationToken.None).ConfigureAwait(false);
        return answer.IsAnswered ? answer.Value.First : null;
    }

    public async ValueTask ReleaseAsync(string key, Concurrency limit, HeldLease lease)
    {
        var arguments = new ScriptArguments(new ScriptConstants(lease.Permits), lease.Id);
        await counts.EvaluateAsync(Release, key, limit, arguments, CancellationToken.None).ConfigureAwait(false);
    }
}
