using System.Buffers.Binary;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>The same script, keys and arguments on the bare client. The key's text is ready-made: joining it per call would flatter the
/// library.</summary>
internal sealed class RawAcquire(IDatabase database) : IContender
{
    private const int ReplyLength = 5 * sizeof(long);

    private static readonly string[] Keys = [.. Workbench.LimiterKeys.Select(key => $"ratelimit:{key}")];

    private static readonly string Script = Workbench.Limit.Script.Text;
    private static readonly ReadOnlyMemory<byte> Constants = Workbench.Limit.Parameters.Packed;

    private int _next;

    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var reply = await database.ScriptEvaluateRespAsync(
                Script, new RedisKey[] { Keys[Interlocked.Increment(ref _next) % Keys.Length] }, new RedisValue[] { Constants });
            Expect.That(Read(reply) == 1);
        }
    }

    private static long Read(RespResult reply)
    {
        var reader = reply.Read();
        Span<byte> packed = stackalloc byte[ReplyLength];
        return reader.ScalarLengthIs(ReplyLength) && reader.CopyTo(packed) == ReplyLength
            ? BinaryPrimitives.ReadInt64BigEndian(packed)
            : throw new InvalidOperationException("The script's reply has another shape than expected.");
    }
}
