using RedisResilience.Benchmarks.Comparison;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary><c>cache-http</c>: one hot key over HTTP at 16 connections, beside the packages that people would take instead, and static
/// bytes.</summary>
internal static class HttpCommand
{
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        if (!Wrk.IsInstalled)
        {
            Console.Error.WriteLine("This benchmark needs wrk on PATH. Debian and Ubuntu: apt-get install wrk.");
            return;
        }

        Console.WriteLine(
            $"Medians of {Rounds} interleaved rounds of 2 s; in brackets the quartiles of the ratio to static bytes in the same round.");
        foreach (var size in new[] { 4096, 65536 })
        {
            await RunAsync(size);
        }
    }

    private static async Task RunAsync(int size)
    {
        using var server = RedisServer.Start();
        await server.WaitUntilUpAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{server.Endpoint},allowAdmin=true");
        var body = new byte[size];
        new Random(size).NextBytes(body);
        HttpContender[] contenders =
        [
            await HttpContenders.StaticAsync(body),
            await HttpContenders.SharedByEightAsync(server.Endpoint, body),
            await HttpContenders.OursAsync(server.Endpoint, body),
            await HttpContenders.OursOverHttpAsync(server.Endpoint, body),
            await HttpContenders.OursWithEightFieldsAsync(server.Endpoint, body),
            await HttpContenders.OursWithLocalTierAsync(server.Endpoint, body),
            await HttpContenders.OutputCacheAsync(server.Endpoint, body),
            await HttpContenders.HybridCacheAsync(server.Endpoint, body),
            await HttpContenders.FusionCacheAsync(server.Endpoint, body),
        ];
        var rounds = contenders.ToDictionary(contender => contender, _ => new List<HttpRound>());
        for (var round = -2; round < Rounds; round++)
        {
            // Each round begins with another one, so that nobody always comes after the same neighbour; the first two are for the compiler.
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var contender = contenders[(turn + round + 2) % contenders.Length];
                var result = await HttpRound.RunAsync(contender, connection.GetServer(server.Endpoint));
                if (round >= 0)
                {
                    rounds[contender].Add(result);
                }
            }
        }

        Report(size, contenders, rounds);
        foreach (var contender in contenders)
        {
            await contender.DisposeAsync();
        }
    }

    private static void Report(int size, HttpContender[] contenders, Dictionary<HttpContender, List<HttpRound>> rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"| {size / 1024} KB | requests/s | / static bytes | processor µs/request | / static bytes | B/request | Redis "
            + "commands/request |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|");
        foreach (var contender in contenders)
        {
            var own = rounds[contender];
            var ratio = Quartiles.Of(own.Zip(rounds[contenders[0]], (mine, ceiling) => mine.PerSecond / ceiling.PerSecond));
            var cost = Quartiles.Of(
                own.Zip(rounds[contenders[0]], (mine, least) => mine.ProcessorMicroseconds / least.ProcessorMicroseconds));
            Console.WriteLine(
                $"| {contender.Name} | {Median(own, round => round.PerSecond):N0} | {ratio.Median:F2} "
                    + $"({ratio.Lower:F2}–{ratio.Upper:F2}) " +
                $"| {Median(own, round => round.ProcessorMicroseconds):F1} | {cost.Median:F2} | "
                    + $"{Median(own, round => round.BytesPerRequest):N0} | {Median(own, round => round.CommandsPerRequest):F2} |");
        }
    }

    private static double Median(IEnumerable<HttpRound> rounds, Func<HttpRound, double> figure) =>
        Quartiles.Of(rounds.Select(figure)).Median;
}
