using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>What <c>InvalidationProperties</c> tries in simulation, on real servers: fewer orders of events, and real ones.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class LiveInvalidationTests(ServerKind kind)
{
    private const int Services = 3;
    private const int AtOnce = 25;

    private readonly List<ServiceProvider> _services = [];
    private readonly Random _seeds = new();

    [OneTimeSetUp]
    public async Task Connect()
    {
        var server = await SharedServers.GetAsync(kind);
        for (var service = 0; service < Services; service++)
        {
            // Patient: whoever is cut off from Redis cannot hear of removals, and is not what this is about.
            var services = new ServiceCollection()
                .AddRedisResilience(
                    server.ConnectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(30))
                .Services.BuildServiceProvider();
            _services.Add(services);
            await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        }
    }

    [OneTimeTearDown]
    public async Task Disconnect()
    {
        foreach (var services in _services)
        {
            await services.DisposeAsync();
        }
    }

    [Test]
    public async Task NoReadAfterAnAcknowledgedRemoval_IsGivenWhatIsOlder()
    {
        for (var run = 0; run < Rounds.Of(300, 15_000); run += AtOnce)
        {
            Assert.That(await RunAsync(isFenced: true), Is.Zero);
        }
    }

    [Test]
    public async Task WithoutTheFence_ThereAreSuchReads()
    {
        var violations = 0;
        for (var run = 0; run < 10_000 && violations == 0; run += AtOnce)
        {
            violations += await RunAsync(isFenced: false);
        }

        Assert.That(violations, Is.Positive, "the schedules do not find what the lease is there for");
    }

    private async Task<int> RunAsync(bool isFenced)
    {
        var caches = _services.Select(services => Over(services.GetRequiredService<RedisGateway>(), isFenced)).ToArray();
        var violations = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(run =>
            new LiveSchedule(_seeds.Next(), caches, SharedServers.NewKey(run % 2 == 0 ? "predictions:v1" : "predictions")).RunAsync()));
        return violations.Sum();
    }

    private static ResponseCache Over(RedisGateway gateway, bool isFenced) => RedisResponseCache.Create(
        new LossyGateway(
            gateway, isFenced), gateway, new RedisResilienceOptions { MaximumVersionAge = TimeSpan.Zero }, TimeProvider.System);
}
