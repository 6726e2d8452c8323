using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Registration;

/// <summary>
/// The gateway's status as a separate service. A container disposes its services in reverse order. If the gateway were registered under a
/// second type, it would be closed before services that still have to give permits back.
/// </summary>
internal sealed class GatewayStatus(RedisGateway gateway) : IRedisStatus
{
    public RedisStatus Current => gateway.Current;

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default) =>
        gateway.WaitUntilAvailableAsync(cancellationToken);
}
