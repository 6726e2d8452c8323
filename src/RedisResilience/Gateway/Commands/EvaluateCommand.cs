using System.Collections.Immutable;
using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>EVALSHA</c>. The client loads the script where a server lacks it (<c>NOSCRIPT</c> means that it has not run), so flushes and failovers cost one more trip.</summary>
internal readonly struct EvaluateCommand(RedisScript script, RedisKey key, ScriptArguments arguments) : IRedisCommand<RespResult, ScriptReply>
{
    public RedisKey Key => key;

    private const int Always = 5;
    private const int AtMost = 64;

    public Task<RespResult> SendAsync(IDatabase database) => database.ScriptEvaluateRespAsync(script.Text, new RedisKey[] { key }, Values(arguments));

    public static bool TryRead(RespResult reply, out ScriptReply value)
    {
        using (reply)
        {
            var reader = reply.Read();
            return TryRead(ref reader, out value);
        }
    }

    /// <summary>Reads five integers or more from a reader that stands on the reply. False, and never an exception, for anything else.</summary>
    public static bool TryRead(ref RespReader reader, out ScriptReply value)
    {
        value = default;
        var length = reader.IsAggregate ? reader.AggregateLength() : 0;
        if (length is not (>= Always and <= AtMost)
            || !TryReadNext(ref reader, out var first)
            || !TryReadNext(ref reader, out var second)
            || !TryReadNext(ref reader, out var third)
            || !TryReadNext(ref reader, out var fourth)
            || !TryReadNext(ref reader, out var fifth)
            || !TryReadMore(ref reader, length - Always, out var more))
        {
            return false;
        }

        value = new ScriptReply(first, second, third, fourth, fifth, more);
        return true;
    }

    public static void Discard(RespResult reply) => reply.Dispose();

    private static RedisValue[] Values(in ScriptArguments arguments)
    {
        var constants = arguments.Constants.Values;
        var values = new RedisValue[constants.Length + arguments.Count];
        for (var index = 0; index < constants.Length; index++)
        {
            values[index] = constants[index];
        }

        if (arguments.Count > 0)
        {
            values[constants.Length] = arguments.First;
        }

        if (arguments.Count > 1)
        {
            values[constants.Length + 1] = arguments.Second;
            values[constants.Length + 2] = arguments.Third;
            values[constants.Length + 3] = arguments.Fourth;
        }

        return values;
    }

    private static bool TryReadMore(ref RespReader reader, int count, out ImmutableArray<long> more)
    {
        more = default;
        if (count == 0)
        {
            return true;
        }

        var builder = ImmutableArray.CreateBuilder<long>(count);
        while (builder.Count < count)
        {
            if (!TryReadNext(ref reader, out var value))
            {
                return false;
            }

            builder.Add(value);
        }

        more = builder.MoveToImmutable();
        return true;
    }

    private static bool TryReadNext(ref RespReader reader, out long value)
    {
        value = 0;

        // Asked to check for errors, the reader would throw at one.
        return reader.TryMoveNext(checkError: false) && reader.IsScalar && !reader.IsError && reader.TryReadInt64(out value);
    }
}
