using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Gateway.Recovery;

/// <summary>A gateway that reaches Redis although the circuit is open. Only the probe and the recovery steps use it.</summary>
internal sealed class RecoveryGateway(string keyPrefix, CommandSender sender, CommandDeadline deadline, IRedisConnection connection)
    : RedisCommands(keyPrefix)
{
    public override bool MayBeRedirected => connection.IsCluster;

    public override IRedisGateway Since(long startedAt) => this;

    protected override ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, CancellationToken cancellationToken) =>
        sender.SendAsync<TCommand, TReply, TValue>(command, deadline.Maximum, SilentObserver.Instance, cancellationToken);
}
