using RedisResilience.Gateway.Commands;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>The commands as methods. A derived class decides whether and how they are sent.</summary>
internal abstract class RedisCommands(string keyPrefix) : IRedisGateway
{
    public string KeyPrefix { get; } = keyPrefix;

    public virtual bool IsAway => false;

    /// <summary>Whether a server may name another one that has the key, as those of a cluster do.</summary>
    /// <remarks>
    /// The client gives the arguments of a command whose reply it hands over in its own buffer back too early. When it sends such a command
    /// to another server, it has none left, and closes the connection with all that is on its way.
    /// </remarks>
    public virtual bool MayBeRedirected => false;

    public abstract IRedisGateway Since(long startedAt);

    public ValueTask<Answer<Payload>> GetAsync(RedisKeyPrefix prefix, string key, int length, CancellationToken cancellationToken) =>
        length == IRedisGateway.All
            ? ExecuteAsync<GetCommand, Lease<byte>?, Payload>(new GetCommand(prefix.Append(key)), cancellationToken)
            : MayBeRedirected
            ? ExecuteAsync<GetRangeInClusterCommand, RedisValue, Payload>(
                new GetRangeInClusterCommand(prefix.Append(key), length), cancellationToken)
            : ExecuteAsync<GetRangeCommand, RespResult, Payload>(new GetRangeCommand(prefix.Append(key), length), cancellationToken);

    public ValueTask<Answer<TimeSpan?>> GetTimeToLiveAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        ExecuteAsync<TimeToLiveCommand, TimeSpan?, TimeSpan?>(new TimeToLiveCommand(prefix.Append(key)), cancellationToken);

    public ValueTask<Answer<bool>> SetAsync(
        RedisKeyPrefix prefix, string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        ExecuteAsync<SetCommand, bool, bool>(new SetCommand(prefix.Append(key), value, timeToLive), cancellationToken);

    public ValueTask<Answer<bool>> DeleteAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        ExecuteAsync<DeleteCommand, bool, bool>(new DeleteCommand(prefix.Append(key)), cancellationToken);

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments, CancellationToken cancellationToken) =>
        MayBeRedirected
            ? ExecuteAsync<EvaluateInClusterCommand, RedisResult, ScriptReply>(
                new EvaluateInClusterCommand(script, prefix, key, arguments), cancellationToken)
            : ExecuteAsync<EvaluateCommand, RespResult, ScriptReply>(
                new EvaluateCommand(script, prefix, key, arguments), cancellationToken);

    public ValueTask<Answer<bool>> DeleteBothAsync(string key, string sideKey, CancellationToken cancellationToken) =>
        ExecuteAsync<DeleteBothCommand, long, bool>(new DeleteBothCommand(key, sideKey), cancellationToken);

    public ValueTask<Answer<bool>> ExpireAsync(
        RedisKeyPrefix prefix, string key, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        ExecuteAsync<ExpireCommand, bool, bool>(new ExpireCommand(prefix.Append(key), timeToLive), cancellationToken);

    public ValueTask<Answer<ContentReply>> EvaluateAsync(
        RedisScript script, string key, string sideKey, ContentArguments arguments, CancellationToken cancellationToken) =>
        MayBeRedirected
            ? ExecuteAsync<EvaluateBothInClusterCommand, RedisResult, ContentReply>(
                new EvaluateBothInClusterCommand(script, key, sideKey, arguments), cancellationToken)
            : ExecuteAsync<EvaluateBothCommand, RespResult, ContentReply>(
                new EvaluateBothCommand(script, key, sideKey, arguments), cancellationToken);

    protected abstract ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>;
}
