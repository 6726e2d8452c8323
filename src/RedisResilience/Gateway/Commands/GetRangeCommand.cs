using RedisResilience.Diagnostics;
using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>GETRANGE</c> from the beginning, in the client's own buffer.</summary>
internal readonly struct GetRangeCommand(RedisKey key, int length) : IRedisCommand<RespResult, Payload>
{
    private static readonly RedisKeyOrValue First = (RedisValue)0;

    public RedisKey Key => key;

    public static string Name => "GETRANGE";

    public Task<RespResult> SendAsync(IDatabase database) =>
        database.ExecuteRespAsync("GETRANGE", new RedisKeyOrValue[] { key, First, (RedisValue)(length - 1) });

    // A user who may run GET need not be one who may run GETRANGE.
    public Task<RespResult>? SendAgainAfter(Exception? error, IDatabase database) =>
        FaultClassifier.Classify(error) is Fault.NotPermitted or Fault.UnknownCommand
            ? database.ExecuteRespAsync("GET", new RedisKeyOrValue[] { key })
            : null;

    public static bool TryRead(RespResult reply, out Payload value)
    {
        using (reply)
        {
            var reader = reply.Read();
            value = default;
            if (!reader.IsScalar || reader.IsError)
            {
                return false;
            }

            // The lease has its own hold on the buffer.
            var lease = reader.ReadLease();
            CommandMetrics.RecordReceived(lease?.Length ?? 0);
            if (lease is { Length: > 0 })
            {
                value = new Payload(Exists: true, lease.Memory, lease);
            }

            return true;
        }
    }

    public void Discard(RespResult reply, bool isCancelled) => reply.Dispose();
}
