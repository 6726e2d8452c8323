using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Contenders;

/// <summary>The same script, keys and arguments on the bare client. The key's text is ready-made: joining it per call would flatter the library.</summary>
internal sealed class RawAcquire(IDatabase database) : IContender
{
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
            Expect.That(Read(reply).IsAllowed);
        }
    }

    private static (bool IsAllowed, long Left, long Wait, long Reset, long Time) Read(RespResult reply)
    {
        var reader = reply.Read();
        return reader.AggregateLengthIs(5)
            && reader.TryMoveNext() && reader.TryReadInt64(out var allowed)
            && reader.TryMoveNext() && reader.TryReadInt64(out var left)
            && reader.TryMoveNext() && reader.TryReadInt64(out var wait)
            && reader.TryMoveNext() && reader.TryReadInt64(out var reset)
            && reader.TryMoveNext() && reader.TryReadInt64(out var time)
            ? (allowed == 1, left, wait, reset, time)
            : throw new InvalidOperationException("The script's reply has another shape than expected.");
    }
}
