using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Caching.Stores;

/// <summary>The cache over Redis. It repeats the removals of an outage before Redis is used again.</summary>
internal static class RedisResponseCache
{
    public static ResponseCache Create(
        IRedisGateway gateway, IRedisRecovery recovery, RedisResilienceOptions options, TimeProvider timeProvider,
        IInvalidationPublisher? publisher = null, StoredKeys? keys = null)
    {
        var local = publisher is null
            || options.LocalTier.KeyPrefixes.Count == 0 ? null : new LocalEntries(options.LocalTier, publisher, timeProvider);
        var reads = new CoalescedReads(gateway, options.MaximumEntrySize, timeProvider, local);
        var parts = new ResponseCacheParts(reads, new RedisEntryStore(gateway, local, reads), options, timeProvider, local, keys);
        recovery.Add(parts.Releases);
        recovery.Add(new MissedInvalidations(parts));
        if (local is not null)
        {
            publisher!.Listen(local, local.NewsPrefixes);
        }

        return new ResponseCache(parts);
    }
}
