using System.Buffers.Binary;
using System.Collections.Immutable;
using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>
/// <c>EVALSHA</c>. If the server does not have the script (<c>NOSCRIPT</c>, so it has not run), the client loads it. After a flush or a
/// failover this costs one more round trip.
/// </summary>
internal readonly struct EvaluateCommand(RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments)
    : IRedisCommand<RespResult, ScriptReply>
{
    private const int Always = 5;
    private const int AtMost = 64;

    private static readonly RedisValue OneKey = 1;

    public RedisKey Key { get; } = prefix.Append(key);

    private RedisValue Constants => arguments.Constants.Packed;

    // As a command of its own: the client's call for scripts looks its hash up by the whole text each time, and has it loaded in a second
    // message.
    public Task<RespResult> SendAsync(IDatabase database) => database.ExecuteRespAsync("EVALSHA", Call());

    public Task<RespResult>? SendAgainAfter(Exception? error, IDatabase database) =>
        error?.GetBaseException() is RedisServerException { Kind: RedisErrorKind.NoScript }
        ? database.ScriptEvaluateRespAsync(script.Text, new RedisKey[] { Key }, Values())
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
        if (length is < Always * sizeof(long) or > AtMost * sizeof(long) || length % sizeof(long) != 0)
        {
            return false;
        }

        Span<byte> packed = stackalloc byte[AtMost * sizeof(long)];
        packed = packed[..reader.CopyTo(packed)];
        value = new ScriptReply(At(packed, 0), At(packed, 1), At(packed, 2), At(packed, 3), At(packed, 4), More(packed));
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

    private RedisValue[] Values() => arguments.Count switch
    {
        0 => arguments.Constants.Alone,
        1 => [Constants, arguments.First],
        4 => [Constants, arguments.First, arguments.Second, arguments.Third, arguments.Fourth],
        _ => [Constants, arguments.First, arguments.Second, arguments.Third, arguments.Fourth, arguments.More.Packed],
    };
}
