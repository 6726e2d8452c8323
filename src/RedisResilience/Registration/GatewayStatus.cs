using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Registration;

/// <summary>
/// The gateway's status as a service of its own. A container disposes what it hands out, the last first: the gateway itself under a second
/// name would be
/// closed before those who still have something to give back through it.
/// </summary>
internal sealed class GatewayStatus(RedisGateway gateway) : IRedisStatus
{
    public RedisStatus Current => gateway.Current;

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default) =>
        gateway.WaitUntilAvailableAsync(cancellationToken);
}
