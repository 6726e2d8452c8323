using System.Threading.RateLimiting;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Contenders;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Limiting;

/// <summary><c>limiter</c>: decisions that need no Redis against the platform's in-process limiters, leases against plain calls, plain
/// calls against the bare client.</summary>
internal static class LimiterCommand
{
    private const int Pairs = 40;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly RateLimit Plain = RateLimit.FixedWindow(int.MaxValue, Hour) with { Name = "plain" };
    private static readonly RateLimit Leased = RateLimit.FixedWindow(int.MaxValue, Hour).WithPrefetch(int.MaxValue) with
    {
        Name = "leased",
    };

    public static async Task RunAsync()
    {
        await using var bench = await Workbench.SetUpAsync();
        Console.WriteLine($"Medians of {Pairs} interleaved pairs; in brackets the quartiles of the ratio of times.");
        Console.WriteLine();
        Console.WriteLine("| ours / other | in flight | ratio | ours ns | other ns | ours B | other B |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|");
        await LocalAsync(bench);
        await RemoteAsync(bench);
        await DownAsync(bench);
    }

    private static async Task LocalAsync(Workbench bench)
    {
        var one = RateLimit.FixedWindow(1, Hour) with { Name = "denied" };
        await bench.Limiter.AcquireAsync(Workbench.LimiterKey, one);
        await bench.Limiter.AcquireAsync(Workbench.LimiterKey, one);
        await using var closed = Window(1);
        closed.AttemptAcquire().Dispose();
        await using var open = Window(int.MaxValue);
        await using var bucket = new TokenBucketRateLimiter(
            new() { TokenLimit = int.MaxValue, TokensPerPeriod = 1, ReplenishmentPeriod = Hour, AutoReplenishment = false });
        await using var partitioned = PartitionedRateLimiter.Create<string, string>(
            key => RateLimitPartition.Get(key, _ => Window(int.MaxValue)));

        var denied = new Ours(bench.Limiter, one, isAllowed: false);
        var leased = new Ours(bench.Limiter, Leased, isAllowed: true);
        await ReportAsync("denied key / platform's denied window", 1, 20_000, denied, new Platform(closed, isAllowed: false));
        await ReportAsync("leased permit / platform's window", 1, 20_000, leased, new Platform(open, isAllowed: true));
        await ReportAsync("leased permit / platform's bucket", 1, 20_000, leased, new Platform(bucket, isAllowed: true));
        await ReportAsync("leased permit / platform's window of a key", 1, 20_000, leased, new PlatformOfKey(partitioned));
    }

    private static async Task RemoteAsync(Workbench bench)
    {
        var raw = await bench.ConnectAsync();
        await ReportAsync("acquire / raw script, distinct keys", 64, 40, new OurAcquire(bench.Limiter), new RawAcquire(raw));
        await ReportAsync(
            "leased / plain acquire, 1,000 keys", 64, 200, new ManyKeys(bench.Limiter, Leased), new ManyKeys(bench.Limiter, Plain));
        await ReportAsync("one hot key / raw script", 64, 40, new Ours(bench.Limiter, Plain, isAllowed: true), new RawAcquire(raw));
    }

    private static async Task DownAsync(Workbench bench)
    {
        await bench.KillServerAsync();
        await using var open = Window(int.MaxValue);
        foreach (var policy in Enum.GetValues<FailurePolicy>())
        {
            var limit = RateLimit.FixedWindow(int.MaxValue, Hour) with { Name = "down", FailurePolicy = policy };
            await ReportAsync(
                $"Redis away, {policy} / platform's window", 1, 20_000, new Ours(
                    bench.Limiter, limit, policy != FailurePolicy.Deny), new Platform(open, isAllowed: true));
        }
    }

    private static async Task ReportAsync(string call, int callers, int calls, IContender ours, IContender other)
    {
        var pairs = await new Duel(call, callers, calls, ours, other).FightAsync(Pairs);
        var ratio = Quartiles.Of(pairs.Select(pair => pair.Ours.Microseconds / pair.Raw.Microseconds));
        Console.WriteLine(
            $"| {call} | {callers} | {ratio.Median:F3} ({ratio.Lower:F3}–{ratio.Upper:F3}) " +
            $"| {1000 * Median(pairs.Select(pair => pair.Ours.Microseconds)):F1} | "
                + $"{1000 * Median(pairs.Select(pair => pair.Raw.Microseconds)):F1} " +
            $"| {Median(pairs.Select(pair => pair.Ours.Bytes)):F0} | {Median(pairs.Select(pair => pair.Raw.Bytes)):F0} |");
    }

    private static double Median(IEnumerable<double> figures) => Quartiles.Of(figures).Median;

    private static FixedWindowRateLimiter Window(int permits) =>
        new(new() { PermitLimit = permits, Window = Hour, AutoReplenishment = false });
}
