using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>EVALSHA</c>. The client loads the script where a server lacks it (<c>NOSCRIPT</c> means that it has not run), so flushes and failovers cost one more trip.</summary>
internal readonly struct EvaluateCommand(RedisScript script, RedisKey key, ScriptArguments arguments) : IRedisCommand<RespResult, ScriptReply>
{
    public Task<RespResult> SendAsync(IDatabase database) => database.ScriptEvaluateRespAsync(
        script.Text,
        new RedisKey[] { key },
        new RedisValue[] { arguments.First, arguments.Second, arguments.Third });

    public static bool TryRead(RespResult reply, out ScriptReply value)
    {
        using (reply)
        {
            var reader = reply.Read();
            value = default;
            if (!reader.IsAggregate || !reader.AggregateLengthIs(3)
                || !reader.TryMoveNext() || !reader.TryReadInt64(out var first)
                || !reader.TryMoveNext() || !reader.TryReadInt64(out var second)
                || !reader.TryMoveNext() || !reader.TryReadInt64(out var third))
            {
                return false;
            }

            value = new ScriptReply(first, second, third);
            return true;
        }
    }

    public static void Discard(RespResult reply) => reply.Dispose();
}
