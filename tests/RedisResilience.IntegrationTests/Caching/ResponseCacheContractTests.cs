using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests.Caching;

namespace RedisResilience.IntegrationTests.Caching;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ResponseCacheContractTests(ServerKind kind) : ResponseCacheContract
{
    private ResilientService _service = null!;

    protected override IResponseCache Cache => _service.Cache;

    [SetUp]
    public async Task Connect()
    {
        var server = await SharedServers.GetAsync(kind);
        _service = await ResilientService.ConnectAsync(
            server.ConnectionString, options => options.KeyPrefix = SharedServers.NewKey("contract"));
    }

    [TearDown]
    public ValueTask Disconnect() => _service.DisposeAsync();
}
