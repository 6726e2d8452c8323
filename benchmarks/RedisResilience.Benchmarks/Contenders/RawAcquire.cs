using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>The same script, keys and arguments on the bare client. The key's text is ready-made: joining it per call would flatter the library.</summary>
internal sealed class RawAcquire(IDatabase database) : IContender
{
    private const int ReplyLength = 5;

    private static readonly string[] Keys = [.. Workbench.LimiterKeys.Select(key => $"ratelimit:{key}")];

    private static readonly string Script = Workbench.Limit.Script.Text;
    private static readonly long Permits = Workbench.Limit.Permits;
    private static readonly long Window = (long)Workbench.Limit.Window.TotalMilliseconds;

    private int _next;

    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var reply = await database.ScriptEvaluateRespAsync(Script, new RedisKey[] { Keys[Interlocked.Increment(ref _next) % Keys.Length] }, new RedisValue[] { Permits, Window, 1 });
            Expect.That(Read(reply) == 1);
        }
    }

    private static long Read(RespResult reply)
    {
        var reader = reply.Read();
        return reader.AggregateLengthIs(ReplyLength)
            && reader.TryMoveNext() && reader.TryReadInt64(out var granted)
            && reader.TryMoveNext() && reader.TryReadInt64(out _)
            && reader.TryMoveNext() && reader.TryReadInt64(out _)
            && reader.TryMoveNext() && reader.TryReadInt64(out _)
            && reader.TryMoveNext() && reader.TryReadInt64(out _)
            ? granted
            : throw new InvalidOperationException("The script's reply has another shape than expected.");
    }
}
