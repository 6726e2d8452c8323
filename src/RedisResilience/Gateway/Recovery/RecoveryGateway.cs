using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Gateway.Recovery;

/// <summary>Redis behind the open circuit: for the steps that make it trustworthy again, and nobody else.</summary>
internal sealed class RecoveryGateway(string keyPrefix, CommandSender sender, CommandDeadline deadline) : RedisCommands(keyPrefix)
{
    public override IRedisGateway Since(long startedAt) => this;

    protected override ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, CancellationToken cancellationToken) =>
        sender.SendAsync<TCommand, TReply, TValue>(command, deadline.Maximum, SilentObserver.Instance, cancellationToken);
}
