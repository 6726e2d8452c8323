using RedisResilience.IntegrationTests.Outages;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>Redis goes away and comes back while requests flow: every client gets its prediction, and in time.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class PredictionsOutageTests(ServerKind kind)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    // The machine has few cores and other work: a timer or a thread may come late without any fault of ours.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(200);

    [Test]
    public async Task WhileRequestsFlow_EveryOneIsAnsweredInTime([Values] Outage outage)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var app = await PredictionsApp.ConnectAsync(
            server.ConnectionString, ("RedisResilience:Permits", "1000000"), ("RedisResilience:MaximumCommandDeadline", "00:00:00.250"));
        using (await app.SendAsync(HttpMethod.Get, "/predictions/AAPL"))
        {
            // The first request of a process compiles what it needs; that is not an outage's doing.
        }

        await using var machine = new MachineLateness();
        await using var load = new RequestLoad(app);
        await load.UntilAsync(100, outcome => outcome.IsHit);

        var detection = app.Status.UntilUnavailableAsync();
        await server.BeginAsync(outage);
        await detection;
        await load.UntilAsync(100, outcome => !outcome.IsHit);
        if (outage == Outage.FrozenForLong)
        {
            // The client gives a connection up after four times its timeout without an answer.
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        }

        await server.EndAsync(outage);
        await load.UntilAsync(100, outcome => outcome.IsHit);

        TestContext.Out.WriteLine(
            $"{load.Outcomes.Count} requests, the slowest took {load.Outcomes.Max(outcome => outcome.Elapsed).TotalMilliseconds:0.0} ms");
        Assert.That(load.Outcomes.Select(outcome => outcome.Result).Distinct(), Is.EqualTo(new[] { "OK" }));
        Assert.That(load.Outcomes.Max(outcome => outcome.Elapsed), Is.LessThan(Deadline + Noise + machine.OfACall));
    }
}
