using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>As <see cref="GetRangeCommand"/>, and follows the key to another server.</summary>
internal readonly struct GetRangeInClusterCommand(RedisKey key, int length) : IRedisCommand<RedisValue, Payload>
{
    public RedisKey Key => key;

    public static string Name => "GETRANGE";

    public Task<RedisValue> SendAsync(IDatabase database) => database.StringGetRangeAsync(key, 0, length - 1);

    public Task<RedisValue>? SendAgainAfter(Exception? error, IDatabase database) =>
        FaultClassifier.Classify(error) is Fault.NotPermitted or Fault.UnknownCommand ? database.StringGetAsync(key) : null;

    public static bool TryRead(RedisValue reply, out Payload value)
    {
        ReadOnlyMemory<byte> bytes = reply;
        CommandMetrics.RecordReceived(bytes.Length);
        value = bytes.IsEmpty ? default : new Payload(Exists: true, bytes, Owner: null);
        return true;
    }
}
