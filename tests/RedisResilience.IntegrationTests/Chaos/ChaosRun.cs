using System.Diagnostics;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>One fault, from a healthy start to the recovery, under load on several nodes.</summary>
internal sealed class ChaosRun(ChaosFault fault, ServerKind kind)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    private const int NodeCount = 2;
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The nodes' log events since they were healthy first.</summary>
    public IReadOnlyList<int[]> Events { get; private set; } = [];

    public IReadOnlyList<Exception> Failures { get; private set; } = [];

    public async Task<ChaosResult> RunAsync(ChaosStage stage)
    {
        using var unobserved = new UnobservedExceptions();
        stage.Nodes = [.. Enumerable.Range(0, NodeCount).Select(_ => new ResilientService(
            stage.ConnectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = Deadline))];
        try
        {
            return await RunAsync(stage, unobserved);
        }
        finally
        {
            foreach (var node in stage.Nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private async Task<ChaosResult> RunAsync(ChaosStage stage, UnobservedExceptions unobserved)
    {
        var nodes = stage.Nodes;
        if (stage.IsThereAtStart)
        {
            await Task.WhenAll(nodes.Select(node => node.UntilAvailableAsync()));
        }

        await using var load = new ChaosLoad(nodes);
        await Task.Delay(ChaosTimes.Healthy, TimeProvider.System);
        var eventsBefore = nodes.Select(node => node.Events.Count()).ToArray();

        load.Phase = ChaosPhase.Undetected;
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
            await lift();
            timeToRecover = await RecoverAsync(nodes.Take(stage.Survivors));
            load.Phase = ChaosPhase.Recovered;
            await Task.Delay(ChaosTimes.Recovered, TimeProvider.System);
            connections = stage.ConnectionsPerNode * stage.Nodes.Count is { } most ? await Inspection.CountConnectionsAsync(stage, most) : null;
        }

        await load.EndAsync();
        Failures = [.. load.Failures];
        Events = [.. nodes.Select((node, index) => node.Events.Skip(eventsBefore[index]).ToArray())];
        return new ChaosResult
        {
            Fault = kind == ServerKind.Redis ? $"{fault}" : $"{fault} ({kind})",
            Operations = load.Operations,
            Failures = Failures.Count,
            Undetected = Times(load.Calls, ChaosPhase.Undetected),
            Detected = Times(load.Calls, ChaosPhase.Detected),
            Recovered = Times(load.Calls, ChaosPhase.Recovered),
            MachineLongest = Math.Max(0, load.Machine.Quantile(1, ChaosPhase.Undetected, ChaosPhase.Detected, ChaosPhase.Recovered) - 1),
            TimeToDetect = timeToDetect,
            TimeToRecover = timeToRecover,
            OverAdmitted = stage.Losses is { } losses ? Math.Max(0, load.Admitted - (ChaosLoad.Scarce * (1 + losses))) + (losses == 0 ? load.TooManyHolders : 0) : null,
            StaleReads = load.Source.StaleReads,
            SourceCalls = load.Source.Calls,
            KeysWithoutTimeToLive = stage.Lift is null ? 0 : await Inspection.CountKeysWithoutTimeToLiveAsync(stage.Servers, stage.Password),
            UnobservedExceptions = unobserved.Count(),
            LogLines = Events.Sum(events => events.Length),
            Connections = connections,
        };
    }

    private static (double Median, double Most, double Longest) Times(Latencies calls, ChaosPhase phase) =>
        (calls.Quantile(0.5, phase), calls.Quantile(0.99, phase), calls.Quantile(1, phase));

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
                || (await node.Limiter.AcquireAsync("recovery", Limit)).Decider != RateLimitDecider.Redis
                || !await node.Cache.RemoveAsync("recovery"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
