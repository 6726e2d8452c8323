using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Benchmarks.Caching;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Dashboard.Recording;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Dashboard;

/// <summary><c>dashboard</c>: a limited and cached endpoint over HTTP, while nobody looks at the live page and while somebody
/// does.</summary>
internal static class DashboardCommand
{
    private const int Pairs = 15;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly RateLimit Limit = RateLimit.FixedWindow(int.MaxValue, TimeSpan.FromHours(1));

    public static async Task RunAsync()
    {
        if (!Wrk.IsInstalled)
        {
            Console.Error.WriteLine("This benchmark needs wrk on PATH. Debian and Ubuntu: apt-get install wrk.");
            return;
        }

        using var server = RedisServer.Start();
        await server.WaitUntilUpAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{server.Endpoint},allowAdmin=true");
        IRedisStatus status = null!;
        await using var endpoint = await HttpContender.StartAsync(
            "limited and cached",
            services => services.AddRedisResilience(
                server.Endpoint, options => options.CommandDeadline = options.MaximumCommandDeadline = Deadline).AddHttp(),
            async application =>
            {
                status = application.Services.GetRequiredService<IRedisStatus>();
                await status.WaitUntilAvailableAsync();
                application.UseRedisResilience();
                application.MapGet("/", () => new string('x', 4096)).RequireRateLimit(Limit)
                    .CacheResponse("predictions:v1:dashboard", TimeSpan.FromHours(1));
            });
        var redis = connection.GetServer(server.Endpoint);
        await HttpRound.RunAsync(endpoint, redis);
        await WatchedAsync(endpoint, redis, status);

        var pairs = new List<(HttpRound Watched, HttpRound Quiet, HttpRound Again)>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            // Around each watched round a quiet one before and after: drift cancels out, and the two quiet ones show what the machine
            // itself makes of it.
            var before = await HttpRound.RunAsync(endpoint, redis);
            var watched = await WatchedAsync(endpoint, redis, status);
            pairs.Add((watched, before, await HttpRound.RunAsync(endpoint, redis)));
        }

        Report(pairs);
        Console.WriteLine();
        MeasuringCost.Report(status);
    }

    private static async Task<HttpRound> WatchedAsync(HttpContender endpoint, IServer redis, IRedisStatus status)
    {
        using var recorder = new Recorder(status, TimeProvider.System, always: false);
        using var viewer = recorder.Watch(out _, out _);
        return await HttpRound.RunAsync(endpoint, redis);
    }

    private static void Report(List<(HttpRound Watched, HttpRound Quiet, HttpRound Again)> rounds)
    {
        var cost = Quartiles.Of(rounds.Select(
            round => round.Watched.ProcessorMicroseconds / ((round.Quiet.ProcessorMicroseconds + round.Again.ProcessorMicroseconds) / 2)));
        var control = Quartiles.Of(rounds.Select(round => round.Again.ProcessorMicroseconds / round.Quiet.ProcessorMicroseconds));
        Console.WriteLine($"Medians of {Pairs} rounds of 2 s, each between two quiet ones; in brackets the quartiles.");
        Console.WriteLine();
        Console.WriteLine("| | processor µs/request | requests/s | B/request | processor, / quiet |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        Console.WriteLine($"| nobody looks | {Median(rounds, round => round.Quiet)} | {control.Median:F3} "
            + $"({control.Lower:F3}–{control.Upper:F3}), the one after / the one before |");
        Console.WriteLine(
            $"| somebody looks | {Median(rounds, round => round.Watched)} | {cost.Median:F3} ({cost.Lower:F3}–{cost.Upper:F3}) |");
    }

    private static string Median(
        List<(HttpRound, HttpRound, HttpRound)> rounds, Func<(HttpRound Watched, HttpRound Quiet, HttpRound Again), HttpRound> choose) =>
        $"{Quartiles.Of(rounds.Select(round => choose(round).ProcessorMicroseconds)).Median:F2} | "
            + $"{Quartiles.Of(rounds.Select(round => choose(round).PerSecond)).Median:N0} " +
        $"| {Quartiles.Of(rounds.Select(round => choose(round).BytesPerRequest)).Median:N0}";
}
