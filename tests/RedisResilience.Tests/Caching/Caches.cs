using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Reading;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Tests.Caching;

/// <summary>A cache over a gateway of the test's own.</summary>
internal static class Caches
{
    public static ResponseCacheParts PartsOver(IRedisGateway gateway, RedisResilienceOptions options, TimeProvider timeProvider)
    {
        var reads = new CoalescedReads(gateway, options.MaximumEntrySize, timeProvider);
        return new ResponseCacheParts(reads, new RedisEntryStore(gateway, local: null, reads), options, timeProvider);
    }

    public static ResponseCache Over(
        IRedisGateway gateway, int maximumEntrySize =
            1024, TimeProvider? timeProvider = null, RedisResilienceOptions? options = null, IRedisRecovery? recovery = null)
    {
        options ??= new RedisResilienceOptions { MaximumEntrySize = maximumEntrySize };
        return RedisResponseCache.Create(gateway, recovery ?? Mock.Of<IRedisRecovery>(), options, timeProvider ?? new FakeTimeProvider());
    }
}
