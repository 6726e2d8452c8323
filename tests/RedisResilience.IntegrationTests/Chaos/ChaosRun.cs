using System.Diagnostics;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>One fault, from a healthy start to the recovery, under load on several nodes.</summary>
internal sealed class ChaosRun(ChaosFault fault, ServerKind kind)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    /// <summary>Loads of the source at once that a node is allowed.</summary>
    public const int LoadsPerNode = 2;

    public const int NodeCount = 2;
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1));

    // A second, and two more until a node gives back what it has taken ahead and nobody asks for.
    private static readonly TimeSpan TimeToReturn = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The nodes' log events since they were healthy first.</summary>
    public IReadOnlyList<int[]> Events { get; private set; } = [];

    /// <summary>Exceptions of tasks that nobody has looked at.</summary>
    public IEnumerable<string> Unobserved { get; private set; } = [];

    public static void Configure(RedisResilienceOptions options)
    {
        options.CommandDeadline = options.MaximumCommandDeadline = Deadline;
        options.MaximumConcurrentLoads = LoadsPerNode;
    }

    public async Task<ChaosResult> RunAsync(ChaosStage stage)
    {
        using var unobserved = new UnobservedExceptions();
        stage.Nodes = [.. Enumerable.Range(0, NodeCount).Select(_ => new ResilientService(stage.ConnectionString, Configure))];
        List<ChaosProcess> processes = [];
        try
        {
            for (var process = 0; process < ChaosTimes.ProcessesDuring(fault); process++)
            {
                processes.Add(await ChaosProcess.StartAsync(stage.ConnectionString, stage.IsThereAtStart));
            }

            return await RunAsync(stage, processes, unobserved);
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
            foreach (var node in stage.Nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private async Task<ChaosResult> RunAsync(ChaosStage stage, List<ChaosProcess> processes, UnobservedExceptions unobserved)
    {
        var nodes = stage.Nodes;
        if (stage.IsThereAtStart)
        {
            await Task.WhenAll(nodes.Select(node => node.UntilAvailableAsync()));
        }

        await using var load = new ChaosLoad(nodes);
        await Task.Delay(ChaosTimes.Healthy, TimeProvider.System);
        var eventsBefore = nodes.Select(node => node.Events.Count()).ToArray();

        await EnterAsync(ChaosPhase.Undetected, load, processes);
        var began = Stopwatch.GetTimestamp();
        var detecting = stage.Effect == ChaosEffect.Outage ? DetectAsync(nodes, began) : Task.FromResult<double?>(null);
        await stage.Begin();
        var timeToDetect = await detecting;
        if (timeToDetect is not null)
        {
            load.Phase = ChaosPhase.Detected;
        }

        await Task.Delay(stage.LeastTime > ChaosTimes.Fault ? stage.LeastTime : ChaosTimes.Fault, TimeProvider.System);
        double? timeToRecover = null;
        var connections = (int?)null;
        await stage.EndLoopAsync();
        if (stage.Lift is { } lift)
        {
            // From now on a node may ask Redis again, which is slow at first: a server that has been frozen has much to do.
            await EnterAsync(ChaosPhase.Recovered, load, processes);
            await lift();
            timeToRecover = await RecoverAsync(nodes.Take(stage.Survivors));
            await Task.Delay(ChaosTimes.Recovered, TimeProvider.System);
            connections = stage.ConnectionsPerNode * (nodes.Count + processes.Count) is { } most
                ? await Inspection.CountConnectionsAsync(stage, most)
                : null;
        }

        var report = await load.EndAsync();
        foreach (var process in processes)
        {
            report = report.With(await process.EndAsync());
        }

        var isTold = stage.Lift is not null && stage.Survivors >= nodes.Count;
        Events = [.. nodes.Select((node, index) => node.Events.Skip(eventsBefore[index]).ToArray())];
        Unobserved = unobserved.Collect();
        return new ChaosResult
        {
            Fault = kind == ServerKind.Redis ? $"{fault}" : $"{fault} ({kind})",
            Load = report,
            TimeToDetect = timeToDetect,
            TimeToRecover = timeToRecover,
            OverAdmitted = stage.Losses is not { } losses ? null
                : ChaosPermits.Excess(
                report.Admitted, losses) + ChaosPermits.Excess(report.Leased, losses) + ChaosPermits.Excess(report.ApiCalls, losses)
                    + (losses == 0 ? report.TooManyHolders : 0),
            KeysWithoutTimeToLive = stage.Lift is null
            ? 0 : await Inspection.CountKeysWithoutTimeToLiveAsync(stage.Servers, stage.Password),
            LostPermits = !isTold || stage.MayLoseAcknowledged ? null : await ChaosPermits.CountLostAsync(nodes[0], Patience / 6),
            LostCounts = isTold ? await ChaosCounts.CountLostAsync(nodes[0], report.Given, TimeToReturn) : null,
            UnobservedExceptions = Unobserved.Count(),
            LogLines = Events.Sum(events => events.Length),
            Connections = connections,
        };
    }

    // When another process notices the fault is its own affair: what its callers wait until then counts as not detected.
    private static async Task EnterAsync(ChaosPhase phase, ChaosLoad load, List<ChaosProcess> processes)
    {
        load.Phase = phase;
        foreach (var process in processes)
        {
            await process.TellAsync(phase);
        }
    }

    private static async Task<double?> DetectAsync(IEnumerable<ResilientService> nodes, long began)
    {
        await Task.WhenAll(nodes.Select(node => node.UntilUnavailableAsync()));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    // In use again is: a decision and a write on each node, by Redis.
    private static async Task<double> RecoverAsync(IEnumerable<ResilientService> nodes)
    {
        var began = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience);
        foreach (var node in nodes)
        {
            while (node.Status.Current.Availability != RedisAvailability.Available
                || (await node.Limiter.AcquireAsync("recovery", Limit)).Source != DecisionSource.Redis
                || !await node.Cache.RemoveAsync("recovery"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
