using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>EVALSHA</c> on a key and its side key, with bytes as a fourth argument.</summary>
internal readonly struct EvaluateBothCommand(RedisScript script, RedisKey key, RedisKey sideKey, ContentArguments arguments)
    : IRedisCommand<RespResult, ScriptReply>, IWriteCommand
{
    public int BodySize => arguments.Content.Length;

    public Task<RespResult> SendAsync(IDatabase database) => database.ScriptEvaluateRespAsync(
        script.Text,
        new RedisKey[] { key, sideKey },
        new RedisValue[] { arguments.First, arguments.Second, arguments.Third, arguments.Content });

    public static bool TryRead(RespResult reply, out ScriptReply value) => EvaluateCommand.TryRead(reply, out value);

    public static void Discard(RespResult reply) => reply.Dispose();
}
