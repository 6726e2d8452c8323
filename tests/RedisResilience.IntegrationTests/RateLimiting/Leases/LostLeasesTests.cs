using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Leases;

/// <summary>Leases that a server has lost.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class LostLeasesTests(ServerKind kind)
{
    [Test]
    public async Task ServerThatComesBackEmpty_HoldersAreToldAtOnce([Values] bool isBackAtOnce)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var limit = RateLimit.Concurrency(1, TimeSpan.FromHours(1));
        var decision = await service.Limiter.AcquireAsync("key", limit);
        Assert.That(decision.Source, Is.EqualTo(DecisionSource.Redis));

        await server.KillAsync();
        if (!isBackAtOnce)
        {
            await service.UntilUnavailableAsync();
        }

        Assert.That(decision.Lease!.Lost.IsCancellationRequested, Is.False);
        await server.StartAsync();
        await service.UntilAvailableAsync();
        Assert.That(() => decision.Lease.Lost.IsCancellationRequested, Is.True.After(5_000, 1));
    }

    [Test]
    public async Task GivenBackWhileNoWritesAreTaken_IsFreeAfterwards()
    {
        await using var server = await StartReplicableAsync();
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        var limit = RateLimit.Concurrency(1, TimeSpan.FromHours(1));
        var lease = (await service.Limiter.AcquireAsync("key", limit)).Lease!;

        await connection.GetServers()[0].ExecuteAsync("REPLICAOF", "127.0.0.1", FreePort.Next());
        await lease.DisposeAsync();
        await connection.GetServers()[0].ExecuteAsync("REPLICAOF", "NO", "ONE");

        await Until.TrueAsync(
            async () => await service.Limiter.AcquireAsync("key", limit, permits: 0) is { Source: DecisionSource.Redis, Remaining: 1 },
            () => "The permit is free.");
    }

    [Test]
    public async Task RenewedWhileNoWritesAreTaken_IsNotLost()
    {
        await using var server = await StartReplicableAsync();
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        await using var lease = (await service.Limiter.AcquireAsync("key", RateLimit.Concurrency(1, TimeSpan.FromSeconds(3)))).Lease!;

        var administrator = connection.GetServers()[0];
        await administrator.ExecuteAsync("REPLICAOF", "127.0.0.1", FreePort.Next());
        await Until.TrueAsync(
            async () => $"{await administrator.ExecuteAsync("INFO", "errorstats")}".Contains("READONLY", StringComparison.Ordinal),
            () => "A renewal is refused.");
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        await administrator.ExecuteAsync("REPLICAOF", "NO", "ONE");
    }

    private async Task<TestServer> StartReplicableAsync()
    {
        Assume.That(kind, Is.EqualTo(ServerKind.Redis), "Garnet becomes a replica only in a cluster.");
        return await TestServer.StartAsync(kind);
    }
}
