using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Repeats the removals of an outage before any caller reads from Redis again, and notifies the other processes.</summary>
internal sealed class MissedInvalidations(ResponseCacheParts parts) : IRecoveryStep
{
    public ValueTask<bool> RunAsync(IRedisGateway redis) => parts.Pending.IsEmpty
        ? new ValueTask<bool>(true)
        : parts.Pending.TryApplyAllAsync(parts.RemovalsThrough(new RedisEntryStore(redis, parts.Local)));
}
