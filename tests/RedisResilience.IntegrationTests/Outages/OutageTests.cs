using System.Diagnostics;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using static RedisResilience.IntegrationTests.Outages.MixedLoad;

namespace RedisResilience.IntegrationTests.Outages;

/// <summary>The promise: whatever happens to Redis under load, no call fails, none waits longer than the deadline, and Redis is picked up
/// again.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
public sealed class OutageTests(ServerKind kind)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    // The machine has few cores and other work: a timer or a thread may come late without any fault of ours.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(200);

    // The client gives a connection up after four times its timeout without an answer.
    private static readonly TimeSpan LongEnoughToBeDropped = TimeSpan.FromSeconds(4);

    // Garnet, a .NET program, compiles itself at first, and longer on a busy machine.
    private TimeSpan TimeToRecover => TimeSpan.FromSeconds(kind == ServerKind.Redis ? 1 : 5);

    [Test]
    public async Task UnderLoad_NobodyNotices([Values] Outage outage)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var service = await ResilientService.ConnectAsync(
            server.ConnectionString, options => options.MaximumCommandDeadline = Deadline);
        await using var machine = new MachineLateness();
        await using var load = new MixedLoad(service);
        await RunAsync(load, operations: 500);
        var before = service.Events.Count();

        load.Enter(Phase.Undetected);
        var detection = DetectAsync(service);
        await server.BeginAsync(outage);
        var timeToDetect = await detection;
        load.Enter(Phase.Detected);
        await RunAsync(load, operations: 2000);
        if (outage == Outage.FrozenForLong)
        {
            await Task.Delay(LongEnoughToBeDropped, TimeProvider.System);
        }

        await server.EndAsync(outage);
        var ended = Stopwatch.GetTimestamp();
        await service.UntilAvailableAsync();
        var timeToRecover = Stopwatch.GetElapsedTime(ended);
        load.Enter(Phase.Recovered);
        await RunAsync(load, operations: 500);

        var noise = Noise + machine.OfACall;
        TestContext.Out.WriteLine(
            $"{load.Operations} operations; detected after {timeToDetect.TotalMilliseconds:0} ms, back after "
                + $"{timeToRecover.TotalMilliseconds:0} ms; slowest in ms: "
            + string.Join(", ", Enum.GetValues<Phase>().Select(phase => $"{phase} {load.SlowestOf(phase).TotalMilliseconds:0.0}")));
        Assert.That(load.Failures, Is.Empty);
        Assert.That(load.SlowestOf(Phase.Undetected), Is.LessThan(Deadline + noise));
        Assert.That(load.SlowestOf(Phase.Detected), Is.LessThan(noise), "nobody waits for a server that is known to be away");
        Assert.That(timeToDetect, Is.LessThan((2 * Deadline) + noise));
        Assert.That(timeToRecover, Is.LessThan(TimeToRecover + (2 * noise)));

        // Changes of state, each once, and not a line a request. A busy machine may make the server look away for a moment more than once.
        var events = service.Events.Skip(before).ToArray();
        Assert.That(events[..2], Is.EqualTo(new[] { Log.UnavailableId, Log.AvailableId }));
        Assert.That(events.Zip(events.Skip(1)).Where(pair => pair.First == pair.Second), Is.Empty);
        Assert.That(events, Has.Length.LessThan(10));
    }

    private static async Task<TimeSpan> DetectAsync(ResilientService service)
    {
        var began = Stopwatch.GetTimestamp();
        await service.UntilUnavailableAsync();
        return Stopwatch.GetElapsedTime(began);
    }

    // Waits for what the load has done, not for a time.
    private static async Task RunAsync(MixedLoad load, int operations)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var goal = load.Operations + operations;
        while (load.Operations < goal)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
