using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests.Caching.Bulk;

namespace RedisResilience.IntegrationTests.Engines;

/// <summary>Many keys at once, on one server and on several.</summary>
[TestFixture(Engine.Redis)]
[TestFixture(Engine.Garnet)]
[TestFixture(Engine.Cluster)]
[TestFixture(Engine.Sentinel)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EngineBulkContractTests(Engine engine) : BulkContract
{
    private ResilientService _service = null!;

    protected override IResponseCache Cache => _service.Cache;

    [SetUp]
    public async Task Connect() =>
        _service = await ResilientService.ConnectAsync(await SharedEngines.ConnectionStringAsync(engine), options =>
    {
        options.KeyPrefix = SharedServers.NewKey("contract");

        // This is about what is answered, not how soon: an engine may compile a script when it first meets it.
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
    });

    [TearDown]
    public ValueTask Disconnect() => _service.DisposeAsync();
}
