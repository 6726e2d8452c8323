using RedisResilience.Benchmarks.Comparison;

namespace RedisResilience.Benchmarks.Caching;

/// <summary><c>cache-distinct</c>: reads of distinct keys against the bare client's <c>StringGetLeaseAsync</c>.</summary>
internal static class DistinctCommand
{
    private const int Pairs = 60;

    public static async Task RunAsync()
    {
        await using var bench = await Workbench.SetUpAsync();
        var raw = await bench.ConnectAsync();
        Console.WriteLine($"Medians of {Pairs} interleaved pairs; in brackets the quartiles of the ratio of throughputs.");
        Console.WriteLine();
        Console.WriteLine("| distinct keys | in flight | throughput, ours / raw | ours µs | raw µs | ours B | raw B |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|");
        foreach (var size in new[] { 4096, 65536 })
        {
            await DistinctGet.FillAsync(raw, size);
            foreach (var (callers, calls) in new[] { (1, 500), (64, 40) })
            {
                var pairs = await new Duel("get", callers, calls, new DistinctGet.Ours(bench.Cache), new DistinctGet.Raw(raw)).FightAsync(Pairs);
                var ratio = Quartiles.Of(pairs.Select(pair => pair.Raw.Microseconds / pair.Ours.Microseconds));
                Console.WriteLine(
                    $"| {size / 1024} KB | {callers} | {ratio.Median:F3} ({ratio.Lower:F2}–{ratio.Upper:F2}) " +
                    $"| {Median(pairs.Select(pair => pair.Ours.Microseconds)):F1} | {Median(pairs.Select(pair => pair.Raw.Microseconds)):F1} " +
                    $"| {Median(pairs.Select(pair => pair.Ours.Bytes)):F0} | {Median(pairs.Select(pair => pair.Raw.Bytes)):F0} |");
            }
        }
    }

    private static double Median(IEnumerable<double> figures) => Quartiles.Of(figures).Median;
}
