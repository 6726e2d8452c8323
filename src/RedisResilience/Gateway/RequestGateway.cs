using RedisResilience.Gateway.Commands;

namespace RedisResilience.Gateway;

/// <summary>
/// Redis for the rest of one request: its calls share the one command deadline that began with the request, so that slow calls never add
/// up.
/// </summary>
internal sealed class RequestGateway(RedisGateway gateway, long startedAt) : RedisCommands(gateway.KeyPrefix)
{
    public override bool IsAway => gateway.IsAway;

    public override bool MayBeRedirected => gateway.MayBeRedirected;

    public override IRedisGateway Since(long startedAt) => gateway.Since(startedAt);

    protected override ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, CancellationToken cancellationToken) =>
        gateway.ExecuteAsync<TCommand, TReply, TValue>(command, startedAt, cancellationToken);
}
