using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>
/// <c>EVALSHA</c>. If the server does not have the script (<c>NOSCRIPT</c>, so it has not run), the client loads it. After a flush or a
/// failover this costs one more round trip. Not for a cluster: see <see cref="RedisCommands.MayBeRedirected"/>.
/// </summary>
internal readonly struct EvaluateCommand(RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments)
    : IRedisCommand<RespResult, ScriptReply>
{
    private static readonly RedisValue OneKey = 1;

    public RedisKey Key { get; } = prefix.Append(key);

    private RedisValue Constants => arguments.Constants.Packed;

    // As a command of its own: the client's call for scripts looks its hash up by the whole text each time, and has it loaded in a second
    // message.
    public Task<RespResult> SendAsync(IDatabase database) => database.ExecuteRespAsync("EVALSHA", Call());

    public Task<RespResult>? SendAgainAfter(Exception? error, IDatabase database) =>
        error?.GetBaseException() is RedisServerException { Kind: RedisErrorKind.NoScript }
        ? database.ScriptEvaluateRespAsync(script.Text, new RedisKey[] { Key }, arguments.ToValues())
        : null;

    public static bool TryRead(RespResult reply, out ScriptReply value)
    {
        using (reply)
        {
            var reader = reply.Read();
            return TryRead(ref reader, out value);
        }
    }

    /// <summary>
    /// Reads five or more integers of eight bytes each from the reply. For any other reply it returns false, and never throws.
    /// </summary>
    public static bool TryRead(ref RespReader reader, out ScriptReply value)
    {
        value = default;
        var length = reader.IsScalar && !reader.IsError && !reader.IsNull ? reader.ScalarLength() : 0;
        if (!ScriptReply.IsSize(length))
        {
            return false;
        }

        Span<byte> packed = stackalloc byte[ScriptReply.MaximumSize];
        value = ScriptReply.Read(packed[..reader.CopyTo(packed)]);
        return true;
    }

    public void Discard(RespResult reply, bool isCancelled)
    {
        if (arguments.Caller.Listener is { } listener && TryRead(reply, out var value))
        {
            listener.Hear(key, arguments, value, isCancelled);
            return;
        }

        reply.Dispose();
    }

    private RedisKeyOrValue[] Call() => arguments.Count switch
    {
        0 when arguments.Constants.Packed.IsEmpty => [script.Hash, OneKey, Key],
        0 => [script.Hash, OneKey, Key, Constants],
        1 => [script.Hash, OneKey, Key, Constants, (RedisValue)arguments.First],
        4 => [script.Hash, OneKey, Key, Constants, (RedisValue)arguments.First, (RedisValue)arguments.Second, (RedisValue)arguments.Third,
            (RedisValue)arguments.Fourth],
        _ => [script.Hash, OneKey, Key, Constants, (RedisValue)arguments.First, (RedisValue)arguments.Second, (RedisValue)arguments.Third,
            (RedisValue)arguments.Fourth, (RedisValue)arguments.More.Packed],
    };
}
