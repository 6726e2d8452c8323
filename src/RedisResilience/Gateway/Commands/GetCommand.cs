using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>GET</c>, into a pooled buffer.</summary>
internal readonly struct GetCommand(RedisKey key) : IRedisCommand<Lease<byte>?, Payload>
{
    public RedisKey Key => key;

    public static string Name => "GET";

    public Task<Lease<byte>?> SendAsync(IDatabase database) => database.StringGetLeaseAsync(key);

    public static bool TryRead(Lease<byte>? reply, out Payload value)
    {
        CommandMetrics.RecordReceived(reply?.Length ?? 0);
        value = reply is null or { Length: 0 } ? default : new Payload(Exists: true, reply.Memory, reply);
        return true;
    }

    public void Discard(Lease<byte>? reply, bool isCancelled) => reply?.Dispose();
}
