using RedisResilience.Gateway;
using RedisResilience.Gateway.Keys;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>A pool with one hash in Redis for each key. The hash ends with the window in which its permits were counted.</summary>
internal sealed class RedisPermitPool(IRedisGateway gateway) : IPermitPool
{
    private static readonly RedisScript TakeScript = RedisScript.Load<RedisPermitPool>("PermitPoolTake");
    private static readonly RedisScript AddScript = RedisScript.Load<RedisPermitPool>("PermitPoolAdd");

    // No terms and no number of permits are these: everything is taken out.
    private static readonly ScriptArguments All = new(new ScriptConstants(0), -1);

    private readonly RedisKeyPrefix _prefix = new($"{gateway.KeyPrefix}{OwnKeys.Word}quota:");

    public async ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        var answer = await gateway.EvaluateAsync(
            TakeScript, _prefix, key, new ScriptArguments(new ScriptConstants(terms), permits), cancellationToken).ConfigureAwait(false);
        if (!answer.IsAnswered)
        {
            return default;
        }

        var reply = answer.Value;
        return new PooledPermits(
            (PoolState)reply.First, (int)reply.Second, Milliseconds(reply.Third), Milliseconds(reply.Fourth), (int)reply.Fifth);
    }

    public async ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        var answer = await gateway.EvaluateAsync(TakeScript, _prefix, key, All, cancellationToken).ConfigureAwait(false);
        return answer.IsAnswered ? (int)answer.Value.Fifth : null;
    }

    public async ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        var milliseconds = (long)permits.EndsAfter.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, 1, nameof(permits));
        ArgumentOutOfRangeException.ThrowIfNegative(permits.Count, nameof(permits));
        ArgumentOutOfRangeException.ThrowIfNegative(permits.Behind, nameof(permits));
        var arguments = new ScriptArguments(
            new ScriptConstants(
                terms), permits.Count, permits.Behind, milliseconds, (long)(permits.ResetsAfter - permits.EndsAfter).TotalMilliseconds);
        return (await gateway.EvaluateAsync(AddScript, _prefix, key, arguments, cancellationToken).ConfigureAwait(false)).IsAnswered;
    }

    private static TimeSpan Milliseconds(long milliseconds) => TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);
}
