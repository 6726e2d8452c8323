using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class QuotaContractTests(MongoKind kind) : RateLimiterContract
{
    protected override bool GivesLeases => false;

    private QuotaDeployment _deployment = null!;

    protected override IRateLimiter Limiter => _deployment.Quota;

    [SetUp]
    public async Task Connect() =>
        _deployment = await QuotaDeployment.StartAsync(await MongoServers.ConnectionStringAsync(kind), await RedisServer.SharedAsync());

    [TearDown]
    public async Task Disconnect()
    {
        if (_deployment is not null)
        {
            await _deployment.DisposeAsync();
        }
    }
}
