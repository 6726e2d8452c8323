using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Makes the removals of an outage good before anybody reads from Redis again, and tells the other processes.</summary>
internal sealed class MissedInvalidations(ResponseCacheParts parts) : IRecoveryStep
{
    public ValueTask<bool> RunAsync(IRedisGateway redis) => parts.Pending.IsEmpty
        ? new ValueTask<bool>(true)
        : parts.Pending.TryApplyAllAsync(parts.RemovalsThrough(new RedisEntryStore(redis, parts.Local)));
}
