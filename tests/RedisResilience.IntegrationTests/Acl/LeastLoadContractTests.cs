using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Contracts;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>Loads of the source, with the rights that the page names and no others.</summary>
[TestFixture(AclRow.Least)]
[TestFixture(AclRow.LocalTier)]
[TestFixture(AclRow.Cluster)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeastLoadContractTests(AclRow row) : LoadContract
{
    private LeastUser? _user;

    [TearDown]
    public async Task Disconnect()
    {
        await using var user = _user;
        await (user?.AssertNothingRefusedAsync() ?? Task.CompletedTask);
    }

    protected override async Task<IResponseCache> CreateAsync(Action<RedisResilienceOptions> configure)
    {
        _user = await LeastUser.ConnectAsync(row, configure);
        return _user.Service.Cache;
    }
}
