namespace RedisResilience.Benchmarks.Outages;

/// <summary><c>outages</c>: what callers of each cache feel while Redis is broken in ten ways. Every read is of a new key: one that no
/// memory has yet.</summary>
internal static class OutagesCommand
{
    private const int Callers = 8;
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Fault = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1.2);

    // What hangs for longer has been counted as it is, and is left behind.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(0.25);

    public static async Task RunAsync()
    {
        Console.WriteLine($"{Callers} callers, each a new key every 5 ms, a source that answers at once; {Fault.TotalSeconds:0} s of "
            + "fault. Milliseconds; failures are exceptions or 500s.");
        Console.WriteLine();
        Console.WriteLine("| fault | cache | reads during | failures | p50 | p99 | max | reads after | failures after | max after |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var kind in Enum.GetValues<OutageKind>())
        {
            foreach (var rival in Enum.GetValues<RivalKind>())
            {
                await ReportAsync(kind, rival);
            }
        }
    }

    private static async Task ReportAsync(OutageKind kind, RivalKind name)
    {
        await using var scene = new OutageScene(kind);
        var rival = Create(name, scene.ConnectionString);
        if (kind != OutageKind.AbsentAtStart || name == RivalKind.OutputCaching)
        {
            await rival.WaitUntilReadyAsync();
        }

        var calls = new OutageCalls(rival);
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(calls.RunAsync)).ToArray();
        await Task.Delay(kind == OutageKind.AbsentAtStart ? TimeSpan.Zero : Healthy, TimeProvider.System);
        var during = await calls.CollectAsync(async () =>
        {
            scene.Begin();
            await Task.Delay(Fault, TimeProvider.System);
        });
        await scene.LiftAsync();
        var after = await calls.CollectAsync(() => Task.Delay(After, TimeProvider.System));
        calls.End();
        await Task.WhenAny(Task.WhenAll(callers), Task.Delay(Farewell, TimeProvider.System));
        await Task.WhenAny(rival.DisposeAsync().AsTask(), Task.Delay(Farewell, TimeProvider.System));
        Console.WriteLine(
            $"| {kind} | {name} | {during.Count} | {during.Failures} | {during.Quantile(0.5):F2} | {during.Quantile(0.99):F1} | "
                + $"{during.Quantile(1):F0} " +
            $"| {after.Count} | {after.Failures} | {after.Quantile(1):F0} |");
    }

    private static IRival Create(RivalKind name, string connectionString) => name switch
    {
        RivalKind.HybridCache => new HybridRival(connectionString),
        RivalKind.FusionCache => new FusionRival(connectionString, isTuned: false),
        RivalKind.FusionCacheTuned => new FusionRival(connectionString, isTuned: true),
        RivalKind.OutputCaching => new OutputCachingRival(connectionString),
        _ => new OurRival(connectionString),
    };
}
