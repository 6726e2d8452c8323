using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>GETRANGE</c> of the first bytes: few of them, in an array of their own.</summary>
internal readonly struct GetHeadCommand(RedisKey key, int length) : IRedisCommand<RedisValue, Payload>
{
    public RedisKey Key => key;

    public static string Name => "GETRANGE";

    public Task<RedisValue> SendAsync(IDatabase database) => database.StringGetRangeAsync(key, 0, length - 1);

    public static bool TryRead(RedisValue reply, out Payload value)
    {
        ReadOnlyMemory<byte> bytes = reply;
        CommandMetrics.RecordReceived(bytes.Length);
        value = new Payload(Exists: !bytes.IsEmpty, bytes, null);
        return true;
    }
}
