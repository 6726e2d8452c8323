using RedisResilience.Benchmarks.Contenders;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Server;

/// <summary><c>server</c>: what a call costs the server's one thread, by its own account, and what a key takes of its memory.</summary>
internal static class ServerCommand
{
    private const int Calls = 20_000;

    public static async Task RunAsync()
    {
        await using var bench = await Workbench.SetUpAsync();
        var database = await bench.ConnectAsync(isAdministrator: true);
        Console.WriteLine("| call | command | server µs per call |");
        Console.WriteLine("|---|---|---:|");
        await ReportAsync(database, "cached hit, 4 KB", "get", new OurGet(bench.Cache));

        // The client's form of SET for a time to live of whole seconds.
        await ReportAsync(database, "store, 4 KB", "setex", new OurSet(bench.Cache));
        await ReportAsync(database, "acquire", "evalsha", new OurAcquire(bench.Limiter));
        Console.WriteLine();
        Console.WriteLine("| key | bytes |");
        Console.WriteLine("|---|---:|");
        foreach (var key in new[] { $"ratelimit:{Workbench.LimiterKey}", Workbench.CacheKey })
        {
            Console.WriteLine($"| `{key}` | {await database.ExecuteAsync("MEMORY", "USAGE", key)} |");
        }

        Console.WriteLine();
        await LimitCosts.ReportAsync(database);
    }

    private static async Task ReportAsync(IDatabase database, string call, string command, IContender contender)
    {
        await contender.CallAsync(Calls);
        await database.ExecuteAsync("CONFIG", "RESETSTAT");
        await contender.CallAsync(Calls);
        Console.WriteLine($"| {call} | `{command.ToUpperInvariant()}` | "
            + $"{Cost((string)(await database.ExecuteAsync("INFO", "commandstats"))!, command)} |");
    }

    /// <summary>Server µs per call of a command, of <c>INFO commandstats</c>.</summary>
    // cmdstat_get:calls=20000,usec=31415,usec_per_call=1.57,rejected_calls=0,failed_calls=0
    internal static string Cost(string statistics, string command) => statistics
        .Split('\n').Single(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal))
        .Split(',').Single(field => field.StartsWith("usec_per_call=", StringComparison.Ordinal))["usec_per_call=".Length..];
}
