using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.Quotas;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>A quota on a MongoDB of some kind, with a Redis for leased permits.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class QuotaFixture(MongoKind kind)
{
    private QuotaDeployment _deployment = null!;

    internal QuotaDeployment Deployment => _deployment;

    protected MongoQuota Quota => _deployment.Quota;

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

    protected static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;

    protected static DateTime Today() => Now().Date;
}
