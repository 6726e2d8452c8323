using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Leases;

/// <summary>Leases are renewed whatever the traffic and however long the way. On the system's clock: none of these may be fast.</summary>
internal sealed class LeaseLoadTests
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    [TestCase(5000, 7, 5)]
    [TestCase(2000, 50, 5)]
    public async Task ManyKeys_LoseNone(int keys, int roundTripMilliseconds, int leaseSeconds)
    {
        var limit = RateLimit.Concurrency(1, TimeSpan.FromSeconds(leaseSeconds)) with { FailurePolicy = FailurePolicy.Deny };
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var line = new LatencyProxy(server.Port, TimeSpan.FromMilliseconds(roundTripMilliseconds));
        await using var holder = await ConnectAsync(line.ConnectionString);
        await using var other = await ConnectAsync(server.ConnectionString);
        List<ConcurrencyLease> leases = [];
        foreach (var some in Enumerable.Range(0, keys).Chunk(AtOnce))
        {
            var decisions = await Task.WhenAll(some.Select(key => holder.Limiter.AcquireAsync($"many:{key}", limit).AsTask()));
            leases.AddRange(decisions.Select(decision => decision.Lease!));
        }

        await Task.Delay(2.5 * limit.LeaseTime, TimeProvider.System);
        var taken = 0;
        foreach (var some in Enumerable.Range(0, keys).Chunk(AtOnce))
        {
            var decisions = await Task.WhenAll(some.Select(key => other.Limiter.AcquireAsync($"many:{key}", limit).AsTask()));
            taken += decisions.Count(decision => decision.IsAllowed);
        }

        Assert.That((leases.Count(lease => lease.Lost.IsCancellationRequested), taken), Is.EqualTo((0, 0)));
    }

    [TestCase(ServerKind.Redis)]
    [TestCase(ServerKind.Garnet)]
    public async Task KeyThatIsAskedForAllTheTime_GivesNoMoreThanThereAre(ServerKind kind)
    {
        var limit = RateLimit.Concurrency(10, TimeSpan.FromSeconds(2)) with { FailurePolicy = FailurePolicy.Deny };
        var key = SharedServers.NewKey("busy");
        await using var service = await ConnectAsync((await SharedServers.GetAsync(kind)).ConnectionString);
        List<ConcurrencyLease> held = [];
        for (var permit = 0; permit < 9; permit++)
        {
            held.Add((await service.Limiter.AcquireAsync(key, limit)).Lease!);
        }

        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < 3 * limit.LeaseTime)
        {
            await using (var tenth = (await service.Limiter.AcquireAsync(key, limit)).Lease)
            {
                Assert.That(tenth, Is.Not.Null);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var more = (await service.Limiter.AcquireUpToAsync(key, limit, 10)).Granted;
        Assert.That((more, held.Count(lease => lease.Lost.IsCancellationRequested)), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task ServerThatAnswersNoMore_TheHolderKnowsBeforeAnotherCanHaveHisPermit()
    {
        var limit = RateLimit.Concurrency(1, TimeSpan.FromSeconds(3)) with { FailurePolicy = FailurePolicy.Deny };
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var network = new FaultyNetwork(server.Port);
        await using var holder = await ConnectAsync(network.ConnectionString);
        await using var other = await ConnectAsync(server.ConnectionString);
        var lease = (await holder.Limiter.AcquireAsync("guarded", limit)).Lease!;
        network.Change(NetworkFault.BlackHole);
        while (!(await other.Limiter.AcquireAsync("guarded", limit)).IsAllowed)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        Assert.That(lease.Lost.IsCancellationRequested, Is.True);
        network.Change(NetworkFault.None);
    }

    private static Task<ResilientService> ConnectAsync(string connectionString) =>
        ResilientService.ConnectAsync(connectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = Deadline);
}
