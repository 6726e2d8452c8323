using System.Diagnostics;
using System.Globalization;

namespace RedisResilience.Benchmarks.Scale;

/// <summary><c>scale</c>: what a decision costs as shards, keys and processes grow. Numbers of one machine, which shares its processors
/// between all of them.</summary>
internal static class ScaleCommand
{
    private const double Seconds = 2;
    private const int ManyKeys = 100_000;

    public static async Task RunAsync()
    {
        Console.WriteLine($"Acquires of a fixed window, 64 callers a process, {Seconds} s each; {Environment.ProcessorCount} processors "
            + "for clients and servers together.");
        await ReportAsync("shards", [1, 2, 4], shards => MeasureAsync(shards, processes: 1, ManyKeys));
        await ReportAsync("keys", [1_000, 10_000, 100_000, 1_000_000], keys => MeasureAsync(shards: 1, processes: 1, keys));
        await ReportAsync("processes", [1, 2, 4, 8], processes => MeasureAsync(shards: 1, processes, ManyKeys));
    }

    private static async Task ReportAsync(string what, int[] sizes, Func<int, Task<Measurement>> measure)
    {
        Console.WriteLine();
        Console.WriteLine($"| {what} | calls/s | busiest shard's share | server µs per call | client µs per call | connections a server "
            + "| bytes per key |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var size in sizes)
        {
            var measured = await measure(size);
            Console.WriteLine(
                $"| {size:N0} | {measured.CallsPerSecond:N0} | {measured.BusiestShare:P0} | {measured.ServerMicroseconds:F2} | "
                    + $"{measured.ClientMicroseconds:F1} " +
                $"| {measured.Connections:F0} | {measured.BytesPerKey?.ToString("F0", CultureInfo.InvariantCulture) ?? "–"} |");
        }
    }

    private static async Task<Measurement> MeasureAsync(int shards, int processes, int keys)
    {
        using var servers = await Shards.StartAsync(shards);
        var bytesPerKey = shards == 1 ? await FillAsync(servers, keys) : (double?)null;
        await servers.AskEachAsync("CONFIG", "RESETSTAT");

        var workers = Enumerable.Range(0, processes).Select(_ => RunWorkerAsync(servers.ConnectionString, keys)).ToArray();
        var working = Task.WhenAll(workers);
        var connections = 0d;
        while (!working.IsCompleted)
        {
            connections = Math.Max(connections, (await servers.NumbersAsync("connected_clients:", "INFO", "clients")).Average() - 1);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        var results = await working;

        var calls = await servers.NumbersAsync("cmdstat_evalsha:calls=", "INFO", "commandstats");
        var microseconds = await servers.NumbersAsync("cmdstat_evalsha:calls=*,usec=", "INFO", "commandstats");
        return new Measurement(
            results.Sum(result => result.Calls / result.Seconds),
            calls.Max() / calls.Sum(),
            microseconds.Sum() / calls.Sum(),
            results.Average(result => result.Cost),
            connections,
            bytesPerKey);
    }

    // As many counters as there will be keys, so that every call finds one.
    private static async Task<double> FillAsync(Shards servers, int keys)
    {
        var empty = (await servers.NumbersAsync("used_memory:", "INFO", "memory")).Sum();
        await servers.AskEachAsync("EVAL", $"for i = 0, {keys - 1} do redis.call('set', 'ratelimit:' .. i, 1, 'px', 3600000) end", "0");
        return ((await servers.NumbersAsync("used_memory:", "INFO", "memory")).Sum() - empty) / keys;
    }

    private static async Task<(double Calls, double Seconds, double Cost)> RunWorkerAsync(string connectionString, int keys)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(ScaleCommand).Assembly.Location, "scale-worker", connectionString, Seconds.ToString(
                CultureInfo.InvariantCulture), $"{keys}"])
        {
            RedirectStandardOutput = true,
        })!;
        var words = (await process.StandardOutput.ReadToEndAsync()).Trim().Split(' ')
            .Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        await process.WaitForExitAsync();
        return (words[0], words[1], words[2]);
    }

    private sealed record Measurement(
        double CallsPerSecond, double BusiestShare, double ServerMicroseconds, double ClientMicroseconds, double Connections,
        double? BytesPerKey);
}
