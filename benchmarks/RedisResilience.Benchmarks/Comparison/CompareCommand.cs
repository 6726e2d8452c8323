using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Comparison;

/// <summary><c>compare</c>: the library's calls against the same calls on the bare client, and the bare client against itself.</summary>
internal static class CompareCommand
{
    private const int Pairs = 150;

    public static async Task RunAsync()
    {
        await using var bench = await Workbench.SetUpAsync();
        var raw = await bench.ConnectAsync();
        var control = await bench.ConnectAsync();

        Console.WriteLine($"Medians of {Pairs} interleaved pairs (each A B B A or B A A B); in brackets the quartiles of the ratio.");
        Console.WriteLine();
        Console.WriteLine("| call | in flight | ours / raw, time | ours / raw, processor | ours µs | raw µs | ours calls/s | raw calls/s "
            + "| ours B | raw B |");
        Console.WriteLine("|---|---:|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (callers, calls) in new[] { (1, 500), (64, 40) })
        {
            await ReportAsync(new("cached hit, 4 KB", callers, calls, new OurGet(bench.Cache), new RawGet(raw)));
            await ReportAsync(new("acquire", callers, calls, new OurAcquire(bench.Limiter), new RawAcquire(raw)));
            await ReportAsync(new("control: raw hit / raw hit", callers, calls, new RawGet(control), new RawGet(raw)));
            await ReportAsync(new("control: raw script / raw script", callers, calls, new RawAcquire(control), new RawAcquire(raw)));
        }
    }

    private static async Task ReportAsync(Duel duel)
    {
        var pairs = await duel.FightAsync(Pairs);
        var ours = Medians(pairs.Select(pair => pair.Ours));
        var raw = Medians(pairs.Select(pair => pair.Raw));
        var time = Ratio(pairs, round => round.Microseconds);
        var processor = Ratio(pairs, round => round.ProcessorMicroseconds);
        Console.WriteLine(
            $"| {duel.Call} | {duel.Callers} | {time} | {processor} | {ours.Microseconds:F1} | {raw.Microseconds:F1} " +
            $"| {1e6 / ours.Microseconds:N0} | {1e6 / raw.Microseconds:N0} | {ours.Bytes:F0} | {raw.Bytes:F0} |");
    }

    private static string Ratio(IEnumerable<(Round Ours, Round Raw)> pairs, Func<Round, double> cost)
    {
        var ratio = Quartiles.Of(pairs.Select(pair => cost(pair.Ours) / cost(pair.Raw)));
        return $"{ratio.Median:F3} ({ratio.Lower:F2}–{ratio.Upper:F2})";
    }

    private static Round Medians(IEnumerable<Round> rounds) => new(
        Quartiles.Of(rounds.Select(round => round.Microseconds)).Median,
        Quartiles.Of(rounds.Select(round => round.ProcessorMicroseconds)).Median,
        Quartiles.Of(rounds.Select(round => round.Bytes)).Median);
}
