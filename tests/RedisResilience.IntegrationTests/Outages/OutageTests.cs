using System.Diagnostics;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Outages;

/// <summary>The promise: whatever happens to Redis under load, no call fails, none waits longer than the deadline, and Redis is picked up again.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
public sealed class OutageTests(ServerKind kind)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    // The machine has few cores and other work: a timer or a thread may come late without any fault of ours.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(350);

    [Test]
    public async Task UnderLoad_NobodyNotices([Values] Outage outage)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString, options => options.MaximumCommandDeadline = Deadline);
        await using var load = new MixedLoad(service);
        await RunAsync(load, operations: 500);
        TestContext.Out.WriteLine($"before: {load.Operations} operations, slowest {load.TakeSlowest().TotalMilliseconds:0.0} ms");

        var began = Stopwatch.GetTimestamp();
        await BeginAsync(server, outage);
        await service.UntilUnavailableAsync();
        TestContext.Out.WriteLine($"detected after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        await RunAsync(load, operations: 200);
        var beforeDetection = load.TakeSlowest();
        await RunAsync(load, operations: 2000);
        var afterDetection = load.TakeSlowest();
        if (outage == Outage.FrozenForLong)
        {
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        }

        await EndAsync(server, outage);
        var ended = Stopwatch.GetTimestamp();
        await service.UntilAvailableAsync();
        TestContext.Out.WriteLine($"back after {Stopwatch.GetElapsedTime(ended).TotalMilliseconds:0} ms");
        load.TakeSlowest();
        await RunAsync(load, operations: 500);
        TestContext.Out.WriteLine(
            $"{load.Operations} operations; slowest before detection {beforeDetection.TotalMilliseconds:0.0} ms, after it {afterDetection.TotalMilliseconds:0.0} ms, after recovery {load.TakeSlowest().TotalMilliseconds:0.0} ms");

        Assert.That(load.Failures, Is.Empty);
        Assert.That(beforeDetection, Is.LessThan(Deadline + Noise));
        Assert.That(afterDetection, Is.LessThan(Noise), "nobody waits for a server that is known to be away");
        Assert.That(service.Status.Current.Availability, Is.EqualTo(RedisAvailability.Available));
        Assert.That(service.Events, Is.EqualTo(new[] { Log.AvailableId, Log.UnavailableId, Log.AvailableId }), "one line for each change of state");
    }

    private static async Task BeginAsync(TestServer server, Outage outage)
    {
        switch (outage)
        {
            case Outage.Frozen or Outage.FrozenForLong:
                server.Freeze();
                break;
            case Outage.PasswordChanged:
                await server.KillAsync();
                await server.StartAsync(password: "another");
                break;
            default:
                await server.KillAsync();
                break;
        }
    }

    private static async Task EndAsync(TestServer server, Outage outage)
    {
        switch (outage)
        {
            case Outage.Frozen or Outage.FrozenForLong:
                server.Thaw();
                break;
            case Outage.PasswordChanged:
                await server.KillAsync();
                await server.StartAsync();
                break;
            default:
                await server.StartAsync();
                break;
        }
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
