using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests.Caching;

namespace RedisResilience.IntegrationTests.Engines;

/// <summary>What every cache keeps to, on deployments of several servers too.</summary>
[TestFixture(Engine.Cluster)]
[TestFixture(Engine.Sentinel)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EngineResponseCacheContractTests(Engine engine) : ResponseCacheContract
{
    private ResilientService _service = null!;

    protected override IResponseCache Cache => _service.Cache;

    [SetUp]
    public async Task Connect() => _service = await ResilientService.ConnectAsync(
        await SharedEngines.ConnectionStringAsync(engine), options => options.KeyPrefix = SharedServers.NewKey("contract"));

    [TearDown]
    public ValueTask Disconnect() => _service.DisposeAsync();
}
