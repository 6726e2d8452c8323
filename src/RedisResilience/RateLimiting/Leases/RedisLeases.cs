using System.Runtime.CompilerServices;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Leases in Redis: one script call for all leases of a key that this process holds.</summary>
internal sealed class RedisLeases(RedisCounts counts) : ILeaseStore
{
    private const int NumbersEach = 3;

    private static readonly RedisScript Renewal = RedisScript.Load<RedisLeases>("ConcurrencyRenewal");
    private static readonly RedisScript Release = RedisScript.Load<RedisLeases>("ConcurrencyRelease");

    public bool IsAway => counts.IsAway;

    public ValueTask<long?> RenewAsync(params ReadOnlySpan<HeldLease> leases) =>
        AskAsync(Renewal, leases[0], new ScriptArguments(Describe(leases), counts.Now));

    public ValueTask<long?> ReleaseAsync(params ReadOnlySpan<HeldLease> leases) =>
        AskAsync(Release, leases[0], new ScriptArguments(Describe(leases)));

    public ILeaseStore Through(IRedisGateway redis) => new RedisLeases(counts.Through(redis));

    public ILeaseStore Since(long startedAt) => new RedisLeases(counts.Since(startedAt));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<long?> AskAsync(RedisScript script, HeldLease one, ScriptArguments arguments)
    {
        var answer = await counts.EvaluateAsync(script, one.Key.Key, one.Limit, arguments, CancellationToken.None).ConfigureAwait(false);
        return answer.IsAnswered ? answer.Value.First : null;
    }

    private static ScriptConstants Describe(ReadOnlySpan<HeldLease> leases)
    {
        var numbers = new long[leases.Length * NumbersEach];
        for (var place = 0; place < leases.Length; place++)
        {
            var lease = leases[place];
            numbers[place * NumbersEach] = lease.Name;
            numbers[(place * NumbersEach) + 1] = lease.Permits;
            numbers[(place * NumbersEach) + 2] = lease.LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond;
        }

        return new ScriptConstants(numbers);
    }
}
