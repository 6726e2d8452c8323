using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Caching;

/// <summary><c>cache-distinct</c>: reads of distinct keys against the bare client's <c>StringGetLeaseAsync</c>.</summary>
internal static class DistinctCommand
{
    private const int Pairs = 60;

    public static async Task RunAsync()
    {
        await using var bench = await Workbench.SetUpAsync();
        var raw = await bench.ConnectAsync();
        var control = await bench.ConnectAsync();
        Console.WriteLine($"Medians of {Pairs} interleaved pairs; in brackets the quartiles of the ratio. The control is the bare client "
            + "against a second one.");
        Console.WriteLine();
        Console.WriteLine(
            "| distinct keys | in flight | throughput, ours / raw | processor, raw / ours | ours µs | raw µs | ours B | raw B |");
        Console.WriteLine("|---|---:|---|---|---:|---:|---:|---:|");
        foreach (var size in new[] { 4096, 65536 })
        {
            await DistinctGet.FillAsync(raw, size);
            foreach (var (callers, calls) in new[] { (1, 400), (64, size == 4096 ? 40 : 8) })
            {
                await FightAsync($"{size / 1024} KB", callers, calls, new DistinctGet.Ours(bench.Cache), new DistinctGet.Raw(raw));
                await FightAsync($"{size / 1024} KB, control", callers, calls, new DistinctGet.Raw(control), new DistinctGet.Raw(raw));
            }
        }
    }

    private static async Task FightAsync(string name, int callers, int calls, IContender ours, IContender raw)
    {
        var pairs = await new Duel("get", callers, calls, ours, raw).FightAsync(Pairs);
        Console.WriteLine(
            $"| {name} | {callers} | {Ratio(pairs.Select(pair => pair.Raw.Microseconds / pair.Ours.Microseconds))} " +
            $"| {Ratio(pairs.Select(pair => pair.Raw.ProcessorMicroseconds / pair.Ours.ProcessorMicroseconds))} " +
            $"| {Median(pairs.Select(pair => pair.Ours.Microseconds)):F1} | {Median(pairs.Select(pair => pair.Raw.Microseconds)):F1} " +
            $"| {Median(pairs.Select(pair => pair.Ours.Bytes)):F0} | {Median(pairs.Select(pair => pair.Raw.Bytes)):F0} |");
    }

    private static string Ratio(IEnumerable<double> ratios)
    {
        var quartiles = Quartiles.Of(ratios);
        return $"{quartiles.Median:F3} ({quartiles.Lower:F2}–{quartiles.Upper:F2})";
    }

    private static double Median(IEnumerable<double> figures) => Quartiles.Of(figures).Median;
}
