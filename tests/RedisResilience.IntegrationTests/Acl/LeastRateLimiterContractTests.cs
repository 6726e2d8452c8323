using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>What every limiter keeps to, with the rights that the page names and no others.</summary>
[TestFixture(AclRow.Least)]
[TestFixture(AclRow.LocalTier)]
[TestFixture(AclRow.Cluster)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeastRateLimiterContractTests(AclRow row) : RateLimiterContract
{
    private LeastUser? _user;

    protected override IRateLimiter Limiter => _user!.Service.Limiter;

    [SetUp]
    public async Task Connect() => _user = await LeastUser.ConnectAsync(row);

    [TearDown]
    public async Task Disconnect()
    {
        await using var user = _user;
        await (user?.AssertNothingRefusedAsync() ?? Task.CompletedTask);
    }
}
