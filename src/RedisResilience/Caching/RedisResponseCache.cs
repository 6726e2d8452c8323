using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Caching;

/// <summary>The cache over Redis: what it missed while Redis was away is made good before Redis is trusted again.</summary>
internal static class RedisResponseCache
{
    public static ResponseCache Create(IRedisGateway gateway, IRedisRecovery recovery, RedisResilienceOptions options, TimeProvider timeProvider)
    {
        var parts = new ResponseCacheParts(new RedisEntryStore(gateway), options, timeProvider);
        recovery.Add(new MissedInvalidations(parts));
        return new ResponseCache(parts);
    }
}
