using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RateLimiterContractTests(ServerKind kind) : RateLimiterContract
{
    private ResilientService _service = null!;

    protected override IRateLimiter Limiter => _service.Limiter;

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
