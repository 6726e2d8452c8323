using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Caching.Filling;

/// <summary>Gives the leases back that an outage has kept from it, before anybody waits for them. Redis may be trusted whether that is done
/// or not.</summary>
internal sealed class LostLeases(LeaseReleases releases) : IRecoveryStep
{
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        if (!releases.IsEmpty)
        {
            await releases.ReleaseAllAsync(new RedisEntryStore(redis)).ConfigureAwait(false);
        }

        return true;
    }
}
