using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>EVALSHA</c> on a key and its side key, with bytes as a fourth argument.</summary>
internal readonly struct EvaluateBothCommand(RedisScript script, RedisKey key, RedisKey sideKey, ContentArguments arguments)
    : IRedisCommand<RespResult, ContentReply>, IWriteCommand
{
    public RedisKey Key => key;

    private const int Length = 4;

    public int BodySize => arguments.Content.Length;

    public Task<RespResult> SendAsync(IDatabase database) => database.ScriptEvaluateRespAsync(
        script.Text,
        new RedisKey[] { key, sideKey },
        new RedisValue[] { arguments.First, arguments.Second, arguments.Third, arguments.Content });

    public static bool TryRead(RespResult reply, out ContentReply value)
    {
        using (reply)
        {
            var reader = reply.Read();
            return TryRead(ref reader, out value);
        }
    }

    public void Discard(RespResult reply, bool isCancelled) => reply.Dispose();

    private static bool TryRead(ref RespReader reader, out ContentReply value)
    {
        value = default;
        Span<long> numbers = stackalloc long[Length];
        if (!reader.IsAggregate || !reader.AggregateLengthIs(Length))
        {
            return false;
        }

        foreach (ref var number in numbers)
        {
            // Asked to check for errors, the reader would throw at one.
            if (!reader.TryMoveNext(checkError: false) || !reader.IsScalar || reader.IsError || !reader.TryReadInt64(out number))
            {
                return false;
            }
        }

        value = new ContentReply(numbers[0], numbers[1], numbers[2], numbers[3]);
        return true;
    }
}
