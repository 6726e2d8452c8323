using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.IntegrationTests.Engines;

/// <summary>What every limiter keeps to, on deployments of several servers too.</summary>
[TestFixture(Engine.Cluster)]
[TestFixture(Engine.Sentinel)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EngineRateLimiterContractTests(Engine engine) : RateLimiterContract
{
    private ResilientService _service = null!;

    protected override IRateLimiter Limiter => _service.Limiter;

    [SetUp]
    public async Task Connect() => _service = await ResilientService.ConnectAsync(
        await SharedEngines.ConnectionStringAsync(engine), options => options.KeyPrefix = SharedServers.NewKey("contract"));

    [TearDown]
    public ValueTask Disconnect() => _service.DisposeAsync();
}
