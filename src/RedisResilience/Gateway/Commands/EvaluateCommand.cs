using System.Buffers.Binary;
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

    /// <summary>Reads five integers or more, of eight bytes each, from a reader that stands on the reply. False, and never an exception, for anything else.</summary>
    public static bool TryRead(ref RespReader reader, out ScriptReply value)
    {
        value = default;
        var length = reader.IsScalar && !reader.IsError && !reader.IsNull ? reader.ScalarLength() : 0;
        if (length is < Always * sizeof(long) or > AtMost * sizeof(long) || length % sizeof(long) != 0)
        {
            return false;
        }

        Span<byte> packed = stackalloc byte[AtMost * sizeof(long)];
        packed = packed[..reader.CopyTo(packed)];
        value = new ScriptReply(At(packed, 0), At(packed, 1), At(packed, 2), At(packed, 3), At(packed, 4), More(packed));
        return true;
    }

    public static void Discard(RespResult reply) => reply.Dispose();

    private static long At(ReadOnlySpan<byte> packed, int place) => BinaryPrimitives.ReadInt64BigEndian(packed[(place * sizeof(long))..]);

    private static ImmutableArray<long> More(ReadOnlySpan<byte> packed)
    {
        var count = (packed.Length / sizeof(long)) - Always;
        if (count == 0)
        {
            return default;
        }

        var builder = ImmutableArray.CreateBuilder<long>(count);
        for (var place = 0; place < count; place++)
        {
            builder.Add(At(packed, Always + place));
        }

        return builder.MoveToImmutable();
    }

    private static RedisValue[] Values(in ScriptArguments arguments) => arguments.Count switch
    {
        0 => arguments.Constants.Alone,
        1 => [arguments.Constants.Packed, arguments.First],
        _ => [arguments.Constants.Packed, arguments.First, arguments.Second, arguments.Third, arguments.Fourth],
    };
}
