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
}
