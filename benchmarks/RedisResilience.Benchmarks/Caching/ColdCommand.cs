using System.Diagnostics;
using System.Globalization;
using RedisResilience.Benchmarks.Comparison;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary><c>cache-cold</c>: several processes, each with many callers of one key that is not in the cache: how often the source is
/// asked, and how long the last caller waits.</summary>
internal static class ColdCommand
{
    private const int Processes = 4;
    private const int Rounds = 10;

    public static async Task RunAsync()
    {
        using var server = RedisServer.Start();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        var workers = Enumerable.Range(0, Processes).Select(_ => Start(server.Endpoint)).ToArray();
        try
        {
            await SaidAsync(workers);
            var rounds = new List<(long Asked, double Slowest)>();
            for (var round = 0; round < Rounds; round++)
            {
                var key = $"predictions:v1:cold{round}";
                foreach (var worker in workers)
                {
                    await worker.StandardInput.WriteLineAsync(key);
                }

                var slowest = (await SaidAsync(workers)).Max(said => double.Parse(said, CultureInfo.InvariantCulture));
                rounds.Add(((long)await connection.GetDatabase().StringGetAsync(ColdWorker.CounterOf(key)), slowest));
            }

            var wait = Quartiles.Of(rounds.Select(round => round.Slowest));
            Console.WriteLine($"{Processes} processes of {ColdWorker.Callers} callers, {Rounds} cold keys one after the other; the "
                + $"source takes {ColdWorker.LoadTime.TotalMilliseconds} ms.");
            Console.WriteLine();
            Console.WriteLine("| source calls for a key, least to most | the slowest caller's wait, ms |");
            Console.WriteLine("|---:|---:|");
            Console.WriteLine($"| {rounds.Min(round => round.Asked)} to {rounds.Max(round => round.Asked)} | {wait.Median:F0} "
                + $"({wait.Lower:F0}–{wait.Upper:F0}) |");
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.StandardInput.Close();
                await worker.WaitForExitAsync();
                worker.Dispose();
            }
        }
    }

    private static async Task<string[]> SaidAsync(Process[] workers) =>
        await Task.WhenAll(workers.Select(
            async worker => await worker.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A process has ended.")));

    private static Process Start(string endpoint) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(ColdCommand).Assembly.Location, ColdWorker.Name, endpoint])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}
