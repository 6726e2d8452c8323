using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>Several slow calls of one request never add up.</summary>
public sealed class SharedDeadlineTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);
    private static readonly RedisKeyPrefix NoPrefix = new("");

    [Test]
    public async Task SlowCalls_EndTogetherWithinOneDeadline()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var network = new FaultyNetwork(server.Port, NetworkFault.Latency100);
        await using var gateway = await ConnectAsync(network.ConnectionString);

        var rest = gateway.Since(TimeProvider.System.GetTimestamp());
        var faults = new List<Fault>();
        for (var call = 0; call < 16; call++)
        {
            faults.Add((await rest.GetAsync(NoPrefix, "key", length: 1, CancellationToken.None)).Fault);
        }

        Assert.That(
            (faults[0], faults[^1]), Is.EqualTo((Fault.None, Fault.RequestTimeSpent)), "100 ms each, and then there was no more time");
        Assert.That(
            faults.Count(static fault => fault == Fault.None), Is.LessThanOrEqualTo(Deadline / RoundTrip), "more would have taken longer");
        Assert.That(
            (await gateway.GetAsync(NoPrefix, "key", length: 1, CancellationToken.None)).IsAnswered,
            Is.True,
            "a hurried call's miss opens nothing");
    }

    [Test]
    public async Task RequestThatIsOld_IsNotSent()
    {
        var server = await SharedServers.GetAsync(ServerKind.Redis);
        await using var gateway = await ConnectAsync(server.ConnectionString);

        var rest = gateway.Since(TimeProvider.System.GetTimestamp() - (2 * TimeProvider.System.TimestampFrequency));

        Assert.That((await rest.GetAsync(NoPrefix, "key", length: 1, CancellationToken.None)).Fault, Is.EqualTo(Fault.RequestTimeSpent));
        Assert.That((await gateway.GetAsync(NoPrefix, "key", length: 1, CancellationToken.None)).IsAnswered, Is.True);
    }

    private static async Task<RedisGateway> ConnectAsync(string connectionString)
    {
        var gateway = new RedisGateway(
            ConfigurationOptions.Parse(connectionString),
            new RedisResilienceOptions { CommandDeadline = Deadline, MaximumCommandDeadline = Deadline },
            TimeProvider.System,
            NullLogger.Instance);
        await gateway.WaitUntilAvailableAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        return gateway;
    }
}
