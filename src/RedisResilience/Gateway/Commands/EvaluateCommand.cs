using RESPite.Messages;
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
            return TryRead(ref reader, out value);
        }
    }

    /// <summary>Reads three integers from a reader that stands on the reply. False, and never an exception, for anything else.</summary>
    public static bool TryRead(ref RespReader reader, out ScriptReply value)
    {
        value = default;
        if (!reader.IsAggregate || !reader.AggregateLengthIs(3)
            || !TryReadNext(ref reader, out var first)
            || !TryReadNext(ref reader, out var second)
            || !TryReadNext(ref reader, out var third))
        {
            return false;
        }

        value = new ScriptReply(first, second, third);
        return true;
    }

    public static void Discard(RespResult reply) => reply.Dispose();

    private static bool TryReadNext(ref RespReader reader, out long value)
    {
        value = 0;

        // Asked to check for errors, the reader would throw at one.
        return reader.TryMoveNext(checkError: false) && reader.IsScalar && !reader.IsError && reader.TryReadInt64(out value);
    }
}
