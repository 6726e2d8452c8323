using System.Globalization;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Server;

/// <summary>What each kind of limit costs the server per acquire, on many keys and pipelined, beside a script that does nothing; and the
/// memory of a key.</summary>
/// <remarks>The server counts wall time: on a shared machine, the least of many short rounds is the nearest to its own.</remarks>
internal static class LimitCosts
{
    private const int Keys = 100_000;
    private const int Rounds = 60;
    private const int CallsPerRound = 2000;
    private const int InFlight = 16;

    // 22 characters with the prefix, as an address has.
    private const string Prefix = "ratelimit:192.0.";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly (string Name, RateLimit? Limit)[] Kinds =
    [
        ("return 1", null),
        ("fixed window", RateLimit.FixedWindow(1000, Hour)),
        ("sliding window", RateLimit.SlidingWindow(1000, Hour)),
        ("sliding log", RateLimit.SlidingLog(1000, Hour)),
        ("token bucket", RateLimit.TokenBucket(1000, Hour)),
        ("concurrency", RateLimit.Concurrency(1000)),
        ("all of three buckets", RateLimit.All(
        RateLimit.TokenBucket(1000, Hour), RateLimit.TokenBucket(100, Hour), RateLimit.TokenBucket(10_000, Hour))),
        ("all of three kinds", RateLimit.All(
        RateLimit.FixedWindow(1000, Hour), RateLimit.SlidingWindow(1000, Hour), RateLimit.TokenBucket(1000, Hour))),
    ];

    public static async Task ReportAsync(IDatabase database)
    {
        Console.WriteLine($"Acquire by kind: {Keys:N0} keys, {InFlight} in flight, the least and the median of {Rounds} rounds; memory "
            + "after one acquire.");
        Console.WriteLine();
        Console.WriteLine("| limit | server µs, least | median | bytes of a key |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, limit) in Kinds)
        {
            var script = limit?.Script.Text ?? "return 1";
            RedisValue[] arguments = limit is null ? [1] : limit.Parameters.Alone;
            var folder = $"{Prefix}{Array.FindIndex(Kinds, kind => kind.Name == name)}.";
            var costs = new double[Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                await database.ExecuteAsync("CONFIG", "RESETSTAT");
                await Task.WhenAll(Enumerable.Range(0, InFlight).Select(
                    caller => CallAsync(database, script, arguments, limit?.IsHeld == true, folder, (round * InFlight) + caller)));
                costs[round] = double.Parse(ServerCommand.Cost(
                    (string)(await database.ExecuteAsync("INFO", "commandstats"))!, "evalsha"), CultureInfo.InvariantCulture);
            }

            Array.Sort(costs);
            var key = folder + "fresh";
            await database.ScriptEvaluateAsync(script, [key], limit?.IsHeld == true ? [.. arguments, 1] : arguments);
            Console.WriteLine(
                $"| {name} | {costs[0]:F2} | {costs[Rounds / 2]:F2} | {await database.ExecuteAsync("MEMORY", "USAGE", key)} |");
        }
    }

    // What is held has a name, another one for each call.
    private static async Task CallAsync(IDatabase database, string script, RedisValue[] arguments, bool isHeld, string folder, int seed)
    {
        for (var call = 0; call < CallsPerRound / InFlight; call++)
        {
            var key = folder + ((((long)seed * CallsPerRound) + call) * 7919 % Keys);
            await database.ScriptEvaluateAsync(script, [key], isHeld ? [.. arguments, (seed * CallsPerRound) + call] : arguments);
        }
    }
}
